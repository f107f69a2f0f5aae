"""The least-waste set of vials, and what it leaves, against trying every number of every vial."""

from bisect import bisect_left
from fractions import Fraction
from itertools import product
from math import ceil
from operator import mul

import pytest
from model_slices import Types
from waste_slice import packages_of, run_models, totals_of

# Packages as they are sold, and sets that leave gaps: no divisor in common, fractions, one vial.
SETS = {
    "padcev": (("20", "30"), "0.25"),
    "nivolumab": (("40", "100", "120", "240"), "1"),
    "infliximab": (("100",), "10"),
    "trastuzumab": (("150",), "10"),
    "pembrolizumab": (("100",), "1"),
    "six and ten and fifteen": (("6", "10", "15"), "1"),
    "seven and eleven": (("7", "11"), "0.5"),
    "half milligrams": (("12.5", "20"), "0.5"),
    "one of three hundred": (("300",), "1"),
    "small beside large": (("1", "250"), "0.1"),
}
DOSES = range(1, 301)


def sums_by_trying(sizes: tuple[str, ...]) -> list[Fraction]:
    """What every number of every vial adds up to, as far as the largest dose needs, sorted."""
    vials = [Fraction(size) for size in sizes]
    numbers = [range(ceil(DOSES[-1] / vial) + 1) for vial in vials]
    chosen = product(*numbers)
    return sorted({sum(map(mul, some, vials)) for some in chosen})


@pytest.fixture(scope="module")
def found(types: Types) -> dict[tuple[str, int], dict[str, object]]:
    packages = packages_of({drug: sizes for drug, (sizes, _) in SETS.items()})
    treatments = [
        {
            "claim_id": f"{drug} {dose}",
            "line_number": 1,
            "payer_id": "birch",
            "service_date": "2026-02-10",
            "drug": drug,
            "unit_mg": unit_mg,
            "pricing_basis": "priced: at contract",
            "administered_mg": dose,
            "waste_mg": 0,
            "administered_lines": 1,
            "has_multi_dose_ndc": "false",
        }
        for drug, (_, unit_mg) in SETS.items()
        for dose in DOSES
    ]
    given = {
        "int_treatments_with_vials": treatments,
        "stg_ref__drug_packages": packages,
        "raw_vial_totals": totals_of(packages),
    }
    name = "int_treatments_with_expected_waste"
    rows = run_models(types, [name], given, name)
    return {(row["drug"], int(row["claim_id"].split()[-1])): row for row in rows}


@pytest.mark.parametrize("drug", SETS)
def test_least_waste_set_is_what_trying_every_vial_finds(found, drug: str):
    sizes, unit = SETS[drug]
    unit_mg, sums = Fraction(unit), sums_by_trying(sizes)
    for dose in DOSES:
        row, least = found[drug, dose], sums[bisect_left(sums, dose)]
        left = min((least - dose) // unit_mg, least // unit_mg - ceil(dose / unit_mg))
        assert Fraction(row["least_waste_mg"]) == least, (drug, dose)
        assert row["expected_waste_units"] == row["missed_units"] == max(0, left), (drug, dose)


def test_padcev_never_leaves_ten_milligrams_of_a_dose_it_can_be_given_in(found):
    left = [found["padcev", dose]["expected_waste_units"] for dose in DOSES if dose > 10]
    assert max(left) == 36
