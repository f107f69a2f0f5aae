"""What must hold of the waste ledger whatever was billed, recorded and opened.

Each example is a handful of drawn treatments, run through the models from identified lines to the
ledger; the drawn doses, vials and records agree, disagree and are left out as chance has it.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from model_slices import Types
from waste_slice import LEDGER, packages_of, run_models, totals_of

SIZES = {"padcev": ("20", "30"), "infliximab": ("100",), "nivolumab": ("40", "100", "240")}
UNITS = {"padcev": Fraction(1, 4), "infliximab": Fraction(10), "nivolumab": Fraction(1)}
PACKAGES = packages_of(SIZES)
TOTALS = totals_of(PACKAGES)
NDCS = {drug: [row for row in PACKAGES if row["drug"] == drug] for drug in SIZES}
PRIMARY = {"payer_id": "birch", "payer_rank": "primary"}
DAY = "2026-02-10"
FEW = settings(
    max_examples=6, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
Rows = list[dict[str, object]]


@dataclass(frozen=True)
class Line:
    """A billed line: its units, what it carries, and the vial it names with their number."""

    units: int
    modifier: str
    vial: int | None = None
    vials: int = 1


@dataclass(frozen=True)
class Treatment:
    """One patient's dose of a day: the lines billed, and the rows of its record."""

    drug: str
    lines: tuple[Line, ...]
    given_mg: int | None = None
    opened: tuple[int, ...] = ()


@st.composite
def treatments_drawn(draw: st.DrawFn) -> Treatment:
    """A dose with waste billed or not, vials told or not, and a record that fits it or does not."""
    drug = draw(st.sampled_from(sorted(SIZES)))
    sizes = [int(size) for size in SIZES[drug]]
    opened = tuple(draw(st.lists(st.integers(0, 4), min_size=len(sizes), max_size=len(sizes))))
    held = sum(size * count for size, count in zip(sizes, opened, strict=True))
    dose = draw(st.integers(1, max(held, 30)))
    whole = -(-dose // UNITS[drug])
    administered = draw(st.sampled_from((whole, whole, whole + 1, held // UNITS[drug])))
    waste = draw(st.sampled_from((0, 0, 1, max(0, held - dose) // UNITS[drug])))
    vial = draw(st.sampled_from((None, *range(len(sizes)))))
    marks = draw(st.sampled_from(("", "", "JZ")))
    lines = [Line(int(max(administered, 1)), marks, vial, draw(st.integers(1, 5)))]
    lines += [Line(int(waste), "JW")] if waste else []
    told = draw(st.sampled_from((None, dose, dose, dose + 7)))
    return Treatment(drug, tuple(lines), told, opened)


def tables_of(treatments: list[Treatment], pays_waste: str | None = "yes") -> dict[str, Rows]:
    """The tables the models read, each treatment a patient and a claim of its own."""
    lines = [
        {"claim_id": f"C{place}", "line_number": number, **PRIMARY, "treatment": t, "line": line}
        for place, t in enumerate(treatments)
        for number, line in enumerate(t.lines, start=1)
    ]
    return {
        "int_line_outcomes_net_of_reversals": [_outcome(row) for row in lines],
        "int_drug_lines_identified": [_identity(row) for row in lines],
        "int_gaps_split": [_key(row) for row in lines],
        "int_lines_to_price": [_price(row) for row in lines],
        "int_lines_with_policy": [{**_key(row), "pays_waste": pays_waste} for row in lines],
        "int_submissions_chained_to_claims": [
            {"claim_id": f"C{place}", "claim_number": f"C{place}"}
            for place in range(len(treatments))
        ],
        "stg_extract__administrations": [
            row for place, t in enumerate(treatments) for row in _record(place, t)
        ],
        "stg_ref__drug_packages": PACKAGES,
        "raw_vial_totals": TOTALS,
    }


def _key(row: dict) -> dict[str, object]:
    return {name: row[name] for name in ("claim_id", "line_number", "payer_id", "payer_rank")}


def _outcome(row: dict) -> dict[str, object]:
    line, told = row["line"], row["line"].vial is not None
    return {
        **_key(row),
        "payer_name": "Birch",
        "line_of_business": "commercial",
        "patient_key": row["claim_id"],
        "service_date": DAY,
        "hcpcs": row["treatment"].drug,
        "modifiers": line.modifier,
        "is_waste_line": str(line.modifier == "JW").lower(),
        "billed_units": line.units,
        "allowed_usd": "1.00",
        "outcome": "paid",
        "method": "fixed",
        "is_priced_at_rate": "true",
        "pricing_basis": "priced: at contract",
        "ndc_quantity": line.vials if told else None,
        "ndc_unit": "UN" if told else None,
    }


def _identity(row: dict) -> dict[str, object]:
    drug, vial = row["treatment"].drug, row["line"].vial
    return {
        **_key(row),
        "drug": drug,
        "unit_mg": str(float(UNITS[drug])),
        "identity_basis": "cms_code_ndc_agrees",
        "ndc11": None if vial is None else NDCS[drug][vial]["ndc11"],
    }


def _price(row: dict) -> dict[str, object]:
    told = {"candidate": "contract", "method": "fixed", "rate": "2.5", "price_usd": "2.5"}
    key = {name: row[name] for name in ("claim_id", "line_number", "payer_id")}
    return {**key, **told, "units": 1, "charge_cap": "none", "charge_usd": "1.00"}


def _record(place: int, treatment: Treatment) -> Rows:
    if treatment.given_mg is None:
        return []
    return [
        {
            "administration_id": f"A{place}",
            "claim_id": f"C{place}",
            "service_date": DAY,
            "administered_mg": treatment.given_mg,
            "vial_ndc11": package["ndc11"],
            "vial_count": count,
            "source_offset": number,
        }
        for number, (package, count) in enumerate(
            zip(NDCS[treatment.drug], treatment.opened, strict=True)
        )
        if count
    ]


def ledger_of(types: Types, tables: dict[str, Rows]) -> Rows:
    """The ledger rows of these tables, in the order of their claims."""
    return run_models(types, LEDGER, tables, "waste_ledger")


def held_units(row: dict[str, object]) -> Fraction:
    """The units that may be billed of the vials: the fewer of those opened and the least set."""
    sets = (row["actual_vial_mg"], row["least_waste_mg"])
    return Fraction(min(mg for mg in sets if mg is not None)) // UNITS[row["drug"]]


some = st.lists(treatments_drawn(), min_size=25, max_size=40)


def test_administered_billed_waste_and_missed_never_exceed_the_vials(types):
    met: Rows = []

    @FEW
    @given(treatments=some)
    def holds(treatments):
        rows = ledger_of(types, tables_of(treatments))
        met.extend(rows)
        assert len(rows) == len(treatments)
        for row in rows:
            dose = row["administered_units"]
            billed = dose + row["billed_waste_units"]
            assert row["missed_units"] == 0 or billed + row["missed_units"] <= held_units(row), row
            if row["vial_evidence"] == "A":
                dose = row["recorded_administered_units"]
            expected = row["expected_waste_units"]
            assert expected == 0 or dose + expected <= held_units(row), row

    holds()
    # What was drawn is of every kind, or the above says little.
    assert {row["vial_evidence"] for row in met} == {"A", "B", "C"}
    kinds = {"missed", "clean", "overbilled", "modifier_conflict", "modifier_missing"}
    assert kinds <= {row["finding"] for row in met}
    assert any("disagree" in row["waste_basis"] for row in met)


@FEW
@given(data=st.data())
def test_one_unit_more_never_raises_the_waste_by_more_than_the_next_vial(types, data):
    drug = data.draw(st.sampled_from(sorted(SIZES)))
    first = data.draw(st.integers(1, 600))
    doses = range(first, first + 40)
    rows = ledger_of(types, tables_of([Treatment(drug, (Line(units, ""),)) for units in doses]))
    waste = {row["administered_units"]: row["expected_waste_units"] for row in rows}
    next_vial = Fraction(min(SIZES[drug], key=int)) / UNITS[drug]
    for units in doses[1:]:
        raised = waste[Decimal(units)] - waste[Decimal(units - 1)]
        assert raised <= next_vial, (drug, units)


@FEW
@given(treatments=some, data=st.data())
def test_order_of_lines_and_of_record_rows_changes_nothing(types, treatments, data):
    shuffled = [
        Treatment(t.drug, tuple(data.draw(st.permutations(t.lines))), t.given_mg, t.opened)
        for t in treatments
    ]
    tables = tables_of(shuffled)
    for name in ("int_line_outcomes_net_of_reversals", "stg_extract__administrations"):
        tables[name] = data.draw(st.permutations(tables[name]))
    assert ledger_of(types, tables) == ledger_of(types, tables_of(treatments))


@FEW
@given(treatments=some)
def test_payer_that_pays_no_waste_or_is_not_known_to_has_no_recoverable_leakage(types, treatments):
    tables = tables_of(treatments, pays_waste="no")
    for row in tables["int_lines_with_policy"][::2]:
        row["pays_waste"] = None
    rows = ledger_of(types, tables)
    assert {row["leakage_usd"] for row in rows} == {0}
    for row in rows:
        asked = {"policy_unknown": "policy_unknown_usd", "not_paid_by_policy": "structural_usd"}
        others = {"policy_unknown_usd", "structural_usd"} - {asked[row["finding"]]}
        assert row[others.pop()] == 0
