"""What labels, administration codes and weights may hold, and what the shipped ones hold."""

from pathlib import Path

import polars as pl
import pytest

from analytics.reference.columns import DOCUMENTATION_CHECKS
from analytics.reference.tables import Reference
from tests.reference.site_csvs import ReadSite, rows_of, said

PADCEV = "enfortumab vedotin-ejfv"
LABEL = "drug,diagnosis_prefix,with_drug,requires_prior_therapy,effective_from\n"


@pytest.fixture
def shipped_rows(read: ReadSite) -> Reference:
    return read()


def table(reference: Reference, name: str) -> pl.DataFrame:
    return rows_of(reference, name, "shipped")


def test_every_check_has_a_weight_and_a_reason(shipped_rows: Reference):
    weights = table(shipped_rows, "documentation_weights")
    assert sorted(weights["check"]) == sorted(DOCUMENTATION_CHECKS)
    assert weights["weight"].cast(pl.Int32).is_between(1, 3).all()
    assert weights["reason"].null_count() == 0


def test_every_check_is_one_the_table_makes(project: Path):
    made = (project / "sql" / "marts" / "documentation_gaps.sql").read_text(encoding="utf-8")
    assert [check for check in DOCUMENTATION_CHECKS if f"'{check}' as check_name" not in made] == []
    assert made.count(" as check_name,") == len(DOCUMENTATION_CHECKS)


def test_misspelt_check_is_named_and_not_taken_for_another(read: ReadSite):
    reference = read(documentation_weights="check,weight\nndc,3\ndiagnoses,2\n")
    assert 'found "diagnoses"' in said(reference)
    assert rows_of(reference, "documentation_weights")["check"].to_list() == ["ndc"]


def test_weights_of_a_site_stand_for_all_of_them(read: ReadSite):
    reference = read(documentation_weights="check,weight\nndc,9\n")
    assert table(reference, "documentation_weights").is_empty()


def test_prior_therapy_is_asked_of_padcev_alone_and_not_beside_pembrolizumab(
    shipped_rows: Reference,
):
    labels = table(shipped_rows, "label_indications")
    assert set(labels["drug"]) == {PADCEV}
    assert set(labels["diagnosis_prefix"]) == {"C65", "C66", "C67", "C68"}
    alone = labels.filter(pl.col("with_drug").is_null())
    beside = labels.filter(pl.col("with_drug") == "pembrolizumab")
    assert set(alone["requires_prior_therapy"]) == {"yes"}
    assert set(beside["requires_prior_therapy"]) == {"no"}
    assert (alone["effective_from"].min(), beside["effective_from"].min()) == (
        "2019-12-18",
        "2023-04-03",
    )
    assert labels["source"].null_count() == 0


def test_drugs_of_the_labels_are_drugs_of_codes(shipped_rows: Reference):
    labels = table(shipped_rows, "label_indications")
    named = {*labels["drug"], *labels["with_drug"].drop_nulls()}
    assert named <= set(table(shipped_rows, "drug_codes")["drug"])


def test_one_day_may_have_a_row_alone_and_one_beside_another_drug(read: ReadSite):
    rows = "x,C67,,yes,2024-01-01\nx,C67,y,no,2024-01-01\nx,C67,Y,no,2024-01-01\n"
    reference = read(label_indications=LABEL + rows)
    assert rows_of(reference, "label_indications").height < 3
    assert "row 4" in said(reference)
    assert rows_of(reference, "label_indications")["with_drug"].is_null().sum() == 1


def test_cpt_codes_are_prefixes_without_a_word_of_theirs(shipped_rows: Reference):
    codes = table(shipped_rows, "administration_codes")
    cpt = codes.filter(pl.col("code_prefix").str.contains(r"^\d"))
    assert cpt["source"].str.contains(r"^CPT code .*; prefix only, no descriptor$").all()
    infused = cpt.filter(pl.col("code_prefix").str.starts_with("96"))
    assert infused["code_prefix"].str.contains(r"^96(36[5-9]|37|4\d|5[0-4])$").all()
    assert infused["source"].n_unique() == 2
    assert "96360" not in codes["code_prefix"]


@pytest.mark.parametrize(
    ("gives", "code"),
    [
        (True, "67028"),
        (True, "64615"),
        (True, "51720"),
        (True, "11981"),
        (True, "20610"),
        (True, "62323"),
        (True, "62370"),
        (True, "95990"),
        (True, "C8957"),
        # a needle without a drug, a pump looked at, hydration, a visit
        (False, "20612"),
        (False, "62367"),
        (False, "62368"),
        (False, "96360"),
        (False, "99214"),
        (False, "64614"),
    ],
)
def test_drugs_given_otherwise_than_by_infusion_are_given_too(
    shipped_rows: Reference, gives: bool, code: str
):
    prefixes = table(shipped_rows, "administration_codes")["code_prefix"]
    assert any(code.startswith(prefix) for prefix in prefixes) is gives


def test_no_prefix_says_what_another_says(shipped_rows: Reference):
    prefixes = table(shipped_rows, "administration_codes")["code_prefix"].to_list()
    within = [(one, other) for one in prefixes for other in prefixes if other.startswith(one)]
    assert within == [(prefix, prefix) for prefix in prefixes]
