"""The shipped reference says what CMS says, and the reasons of denial what the definitions say."""

import csv
import io
import re
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from analytics.intake.site import Reference, read_reference

MONTHS = ("January", "April", "July", "October")
PAYMENT_ONLY = {"253", "223", "237", "104", "44", "144"}
PATIENT = {"1", "2", "3", "66", "142", "178"}
UNLISTED = {"J9999", "C9399", "J3490", "J3590"}


@pytest.fixture(scope="module")
def reference(project: Path) -> Reference:
    return read_reference(project / "no site", project / "data" / "reference")


@pytest.fixture(scope="module")
def reasons(reference: Reference) -> dict[str, dict[str, str]]:
    carcs = reference.frames["raw_ref__denial_reasons"].filter(pl.col("code_set") == "CARC")
    return {row["code"]: row for row in carcs.to_dicts()}


@pytest.fixture(scope="module")
def limits(reference: Reference) -> pl.DataFrame:
    return reference.frames["raw_ref__payment_limits"]


def table(reference: Reference, name: str) -> list[dict[str, str]]:
    return reference.frames[f"raw_ref__{name}"].to_dicts()


def cms_rows(path: Path, code_column: str) -> list[dict[str, str]]:
    """The rows of a CMS file, by its header row; the preamble above it is left out."""
    text = path.read_bytes().decode("cp1252")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    place = next(place for place, row in enumerate(rows) if row and code_column in row[0])
    header = [name.strip().lower() for name in rows[place]]
    return [dict(zip(header, row, strict=False)) for row in rows[place + 1 :] if len(row) > 3]


def cms_limits(folder: Path) -> dict[tuple[str, str], set[tuple[str, str | None]]]:
    """Every limit and coinsurance a CMS file prints, by quarter and code; no limit for `N/A`."""
    printed: dict[tuple[str, str], set[tuple[str, str | None]]] = {}
    for path in sorted(folder.glob("*.csv")):
        head = path.read_bytes().decode("cp1252")[:2000]
        month, year = re.search(r"Effective (\w+) 1, (\d{4})", head).groups()
        for row in cms_rows(path, "HCPCS Code"):
            key = (f"{year}Q{MONTHS.index(month) + 1}", row["hcpcs code"].strip())
            coinsurance = row.get("co-insurance percentage", "").strip() or None
            limit = row["payment limit"].strip()
            printed.setdefault(key, set()).add((None if limit == "N/A" else limit, coinsurance))
    return printed


# the shipped files are what the package itself would accept


def test_shipped_files_pass_the_checks_a_sites_files_must_pass(reference: Reference):
    assert [str(problem) for problem in reference.problems] == []


def test_shipped_files_hold_no_cpt_code(reference: Reference):
    for frame in reference.frames.values():
        for column in {"hcpcs", "old_hcpcs", "new_hcpcs"} & set(frame.columns):
            assert not frame[column].str.contains(r"^\d").any()


def test_every_shipped_file_is_named_in_the_sources(project: Path):
    sources = (project / "data" / "reference" / "SOURCES.md").read_text(encoding="utf-8")
    shipped = {path.name for path in (project / "data" / "reference").glob("*.csv")}
    assert shipped == set(re.findall(r"^\| `(\w+\.csv)`", sources, re.M))


# J1324


def test_j1324_is_enfuvirtide_to_cms_and_enfortumab_to_the_guide(reference: Reference):
    codes = {row["hcpcs"]: (row["drug"], row["unit_mg"]) for row in table(reference, "drug_codes")}
    (house,) = table(reference, "house_codes")
    assert codes["J1324"] == ("enfuvirtide", "1")
    assert codes["J9177"] == ("enfortumab vedotin-ejfv", "0.25")
    assert (house["hcpcs"], house["drug"], house["unit_mg"]) == (
        "J1324",
        "enfortumab vedotin-ejfv",
        "1",
    )
    for fact in ("billing guide", "enfuvirtide, 1 mg", "J9177, 0.25 mg"):
        assert fact in house["source"]


def test_j1324_has_no_price_in_any_cms_file(limits: pl.DataFrame, shared: Path):
    assert "J1324" not in limits["hcpcs"]
    printed = cms_limits(shared / "cms" / "payment_limits")
    assert not [key for key in printed if key[1] == "J1324"]


# codes, packages, successors, policies


def test_units_of_the_shipped_drugs(reference: Reference):
    units = {row["hcpcs"]: row["unit_mg"] for row in table(reference, "drug_codes")}
    expected = {"J9177": "0.25", "J9299": "1", "J9355": "10", "J9271": "1", "J1745": "10"}
    assert {code: units[code] for code in expected} == expected


def test_unlisted_codes_have_neither_drug_nor_unit(reference: Reference):
    unlisted = [row for row in table(reference, "drug_codes") if row["is_unlisted"] == "yes"]
    assert {row["hcpcs"] for row in unlisted} == UNLISTED
    assert {(row["drug"], row["unit_mg"]) for row in unlisted} == {(None, None)}


def test_packages_agree_with_the_crosswalk(reference: Reference, shared: Path):
    crosswalk = {}
    for path in sorted((shared / "cms" / "crosswalk").glob("*.csv")):
        for row in cms_rows(path, "_CODE"):
            ndc = (row.get("ndc2") or row.get("ndc") or "").replace("-", "").strip()
            code = next(cell for name, cell in row.items() if name.endswith("_code"))
            crosswalk[ndc, code] = (row["billunits"], row["pkg size"])
    units = {row["hcpcs"]: row["unit_mg"] for row in table(reference, "drug_codes")}
    for package in table(reference, "drug_packages"):
        if package["single_dose"] == "no":
            continue
        bill_units, size = crosswalk[package["ndc11"], package["hcpcs"]]
        billable_mg = Decimal(bill_units) * Decimal(units[package["hcpcs"]])
        assert Decimal(package["billable_mg"]) == billable_mg
        assert Decimal(package["package_quantity"]) == Decimal(size)


def test_padcev_vials_are_counted_and_opdivo_is_measured(reference: Reference):
    packages = {row["ndc11"]: row for row in table(reference, "drug_packages")}
    padcev = [packages["51144002001"], packages["51144003001"]]
    opdivo = [row for row in packages.values() if row["drug"] == "nivolumab"]
    assert [(row["billable_mg"], row["package_quantity"]) for row in padcev] == [
        ("20", "1"),
        ("30", "1"),
    ]
    assert {row["quantity_unit"] for row in padcev} == {"UN"}
    assert {row["quantity_unit"] for row in opdivo} == {"ML"}
    assert sorted(int(row["billable_mg"]) for row in opdivo) == [40, 100, 120, 240]


def test_a_code_that_replaces_another_has_the_same_drug(reference: Reference):
    drugs = {row["hcpcs"]: row["drug"] for row in table(reference, "drug_codes")}
    for row in table(reference, "code_successors"):
        assert drugs[row["old_hcpcs"]] == drugs[row["new_hcpcs"]]


def test_medicare_asks_for_jz_from_july_2023(reference: Reference):
    asked = [
        (row["line_of_business"], row["effective_from"], row["effective_through"],
         row["pays_waste"], row["requires_jw"], row["requires_jz"])
        for row in table(reference, "payer_policies")
        if row["hcpcs"] == "*"
    ]  # fmt: skip
    assert asked == [
        ("medicare_ffs", "2017-01-01", "2023-06-30", "yes", "yes", "no"),
        ("medicare_ffs", "2023-07-01", None, "yes", "yes", "yes"),
    ]


# payment limits


def test_every_limit_of_a_cms_file_at_hand_is_what_it_prints(limits: pl.DataFrame, shared: Path):
    printed = cms_limits(shared / "cms" / "payment_limits")
    compared = 0
    for quarter, code, limit, coinsurance in limits.select(
        "effective_quarter", "hcpcs", "payment_limit", "coinsurance_pct"
    ).rows():
        if (quarter, code) in printed:
            assert (limit, coinsurance) in printed[quarter, code], (quarter, code)
            compared += 1
    assert compared > 20_000


def test_no_limit_of_a_cms_file_at_hand_is_left_out(limits: pl.DataFrame, shared: Path):
    shipped: dict[tuple[str, str], set[tuple[str, str | None]]] = {}
    for quarter, code, *value in limits.select(
        "effective_quarter", "hcpcs", "payment_limit", "coinsurance_pct"
    ).rows():
        shipped.setdefault((quarter, code), set()).add(tuple(value))
    codes = set(limits["hcpcs"])
    printed = cms_limits(shared / "cms" / "payment_limits")
    expected = {
        key: values for key, values in printed.items() if key[1] in codes and key[0] > "2018"
    }
    assert {key: shipped.get(key) for key in expected} == expected


def test_the_collected_series_is_carried_whole(limits: pl.DataFrame, shared: Path):
    series = pl.read_csv(shared / "cms" / "payment_limit_series.csv", infer_schema=False)
    wanted = series.filter(pl.col("effective_quarter") >= "2018Q1").select(
        "effective_quarter",
        "hcpcs",
        pl.col("payment_limit_usd").alias("payment_limit"),
        "coinsurance_pct",
    )
    absent = wanted.join(limits, on=wanted.columns, how="anti", nulls_equal=True)
    assert absent.rows() == []


def test_j1454_keeps_both_published_values_of_2024q1(limits: pl.DataFrame):
    both = limits.filter(pl.col("hcpcs") == "J1454", pl.col("effective_quarter") == "2024Q1")
    assert both.select("published_on", "published_on_basis", "payment_limit").rows() == [
        ("2023-12-12", "file_name", "173.545"),
        ("2024-11-01", "download_month_estimated", "694.178"),
    ]


def test_a_restated_row_is_dated_by_its_own_note(limits: pl.DataFrame):
    restated = limits.filter(pl.col("published_on_basis") == "notes")
    assert restated.height == 224
    assert restated["notes"].str.contains("(?i)updated").all()


def test_enfortumab_coinsurance_is_a_percent_and_not_twenty(limits: pl.DataFrame):
    quarter = limits.filter(pl.col("hcpcs") == "J9177", pl.col("effective_quarter") == "2025Q4")
    columns = ("published_on", "payment_limit", "coinsurance_pct")
    assert quarter.select(columns).rows() == [("2025-09-17", "36.743", "19.401")]


# reasons of denial


def test_what_cuts_the_cheque_does_not_cut_the_allowed(reasons: dict[str, dict[str, str]]):
    assert {reasons[code]["effect"] for code in PAYMENT_ONLY} == {"payment_only"}
    assert {reasons[code]["counts_as_denial"] for code in PAYMENT_ONLY} == {"no"}


def test_cost_share_is_the_patients_and_no_denial(reasons: dict[str, dict[str, str]]):
    cost_share = PATIENT | {"100", "187"}
    assert {reasons[code]["effect"] for code in cost_share} == {"patient"}
    assert {reasons[code]["counts_as_denial"] for code in cost_share} == {"no"}


@pytest.mark.parametrize("code", ["26", "27", "31", "50", "96", "119", "204", "24", "29", "197"])
def test_a_denial_reduces_what_is_allowed_whoever_is_liable(
    reasons: dict[str, dict[str, str]], code: str
):
    reason = reasons[code]
    assert (reason["group_code"], reason["counts_as_denial"]) == ("*", "yes")


def test_whatever_counts_as_a_denial_reduces_what_is_allowed(reasons: dict[str, dict[str, str]]):
    counted = [row for row in reasons.values() if row["counts_as_denial"] in ("yes", "apart")]
    assert {row["effect"] for row in counted} == {"reduces_allowed"}


@pytest.mark.parametrize(
    ("code", "denial_class", "counts", "effect"),
    [
        ("24", "coordination_of_benefits", "yes", "reduces_allowed"),
        ("23", "coordination_of_benefits", "no", "prior_payer"),
        ("45", "contractual", "no", "reduces_allowed"),
        ("18", "duplicate", "apart", "reduces_allowed"),
        ("B13", "duplicate", "apart", "reduces_allowed"),
        ("97", "bundled", "apart", "reduces_allowed"),
        ("133", "pend", "no", "informational"),
        ("193", "appeal_outcome", "no", "informational"),
        ("292", "forward", "no", "informational"),
        ("148", "missing_or_invalid_information", "yes", "reduces_allowed"),
    ],
)
def test_reasons_the_definitions_settle(
    reasons: dict[str, dict[str, str]], code: str, denial_class: str, counts: str, effect: str
):
    reason = reasons[code]
    settled = (reason["denial_class"], reason["counts_as_denial"], reason["effect"])
    assert settled == (denial_class, counts, effect)


def test_what_is_apart_is_a_duplicate_or_bundled(reasons: dict[str, dict[str, str]]):
    apart = {row["denial_class"] for row in reasons.values() if row["counts_as_denial"] == "apart"}
    assert apart == {"duplicate", "bundled"}


def test_a_reason_that_says_something_goes_before_one_that_does_not(
    reasons: dict[str, dict[str, str]],
):
    generic = min(int(reasons[code]["precedence"]) for code in ("16", "96", "226", "252", "A1"))
    specific = max(int(reasons[code]["precedence"]) for code in ("197", "4", "50", "151", "11"))
    assert specific < generic


def test_only_ma130_means_resubmit(reference: Reference):
    resubmit = [
        row["code"]
        for row in table(reference, "denial_reasons")
        if row["denial_class"] == "rejection_no_appeal"
    ]
    assert resubmit == ["MA130"]


def test_every_class_is_one_of_the_drafts(reference: Reference, shared: Path):
    draft = pl.read_csv(shared / "cms" / "denial_reasons_draft.csv", infer_schema=False)
    classes = set(reference.frames["raw_ref__denial_reasons"]["denial_class"])
    # The draft's class for a capitated line is an outcome here, not a reason.
    # A forward is told apart from other information: such an answer says nothing (RULES 4.8).
    assert classes - {"forward"} == set(draft["denial_class"]) - {"capitated"}


def test_discarded_shares_are_those_cms_publishes_as_fractions(reference: Reference, shared: Path):
    with (shared / "cms" / "cms_partb_discarded_cy2023.csv").open(newline="") as file:
        published = {(row["hcpcs"], row["cy"]): row for row in csv.DictReader(file)}
    rows = table(reference, "discarded_shares")
    assert {(row["hcpcs"], row["year"]) for row in rows} == published.keys()
    for row in rows:
        cms = published[row["hcpcs"], row["year"]]
        share = Decimal(row["discarded_share"])
        assert share == Decimal(cms["discarded_share"])
        by_dollars = Decimal(cms["discarded_usd"]) / Decimal(cms["total_allowed_usd"])
        assert abs(share - by_dollars) < Decimal("0.00001")


def test_only_medicare_has_shipped_policies_and_j1324_as_cms_means_it_is_not_covered(
    reference: Reference,
):
    rows = table(reference, "payer_policies")
    assert {row["line_of_business"] for row in rows} == {"medicare_ffs"}
    not_covered = [row["hcpcs"] for row in rows if row["covered"] == "no"]
    assert not_covered == ["J1324"]
