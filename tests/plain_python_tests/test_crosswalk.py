"""Which drug a line is where the crosswalk names its NDC, or only a limit its code."""

from __future__ import annotations

import pytest
from plain_python_tests.written_rows import csv_of
from plain_python_tests.written_site import PADCEV_20, sv1
from plain_python_tests.written_terms import limits

FUZEON = "00004038039"
ENFUVIRTIDE, ENFORTUMAB = "enfuvirtide", "enfortumab vedotin-ejfv"
OF_2025 = {"effective_quarter": "2025Q4", "published_on": "2025-09-20"}
OF_2026 = {"effective_quarter": "2026Q1", "published_on": "2025-12-20"}


def crosswalk(site, *rows):
    """Give the site a crosswalk; each row is of 2026Q1 and Fuzeon but for what is told."""
    site.reference["ndc_crosswalk"] = csv_of([OF_2026 | {"ndc11": FUZEON} | row for row in rows])


def identity(site, code, ndc=FUZEON):
    """Return what decides a line of that code and NDC, its drug and its milligrams."""
    site.bill("A1", "180", [sv1(code, "180", 90, ndc=ndc, vials="5")])
    (line,) = site.lines()
    return line["identity_basis"], line["drug"], line["unit_mg"]


@pytest.mark.parametrize(
    ("rows", "code", "expected"),
    [
        ([{"hcpcs": "J1324"}], "J1324", ("cms_code_ndc_agrees", ENFUVIRTIDE, 1)),
        ([{"hcpcs": "J9177"}], "J1324", ("house_code", ENFORTUMAB, 1)),
        ([{"hcpcs": "J9271"}], "J1324", ("ndc_contradicts_code", "pembrolizumab", None)),
        ([{"hcpcs": "J9271"}, {"hcpcs": "J9177"}], "J1324", ("house_code", ENFORTUMAB, 1)),
        (
            [{"hcpcs": "J9271"}, {"hcpcs": "A0000"}],
            "J1324",
            ("ndc_contradicts_code", "pembrolizumab", None),
        ),
        ([{"hcpcs": "A0000"}], "J1324", ("ndc_contradicts_code", None, None)),
        ([{"hcpcs": "J9177"}], "J9999", ("unlisted_code_ndc_decides", ENFORTUMAB, None)),
        ([{"hcpcs": "J9999"}], "J9999", ("unlisted_code_ndc_decides", None, None)),
        (
            [{"hcpcs": "J9999"}, {"hcpcs": "J9177"}],
            "J9999",
            ("unlisted_code_ndc_decides", ENFORTUMAB, None),
        ),
        ([{"hcpcs": "J9177"}], "J9000", ("ndc_contradicts_code", ENFORTUMAB, None)),
        ([{"hcpcs": "J9177", "ndc11": PADCEV_20}], "J1324", ("house_code", ENFORTUMAB, 1)),
    ],
    ids=[
        "the billed code",
        "the drug of the house code",
        "another drug",
        "one of two is the house code's",
        "the least that has a drug",
        "no drug",
        "an unlisted code",
        "the unlisted code itself",
        "the unlisted code itself beside another",
        "an unknown code",
        "another NDC",
    ],
)
def test_the_codes_of_an_ndc_decide(site, rows, code, expected):
    crosswalk(site, *rows)
    assert identity(site, code) == expected


def test_a_package_that_agrees_is_enough(site):
    crosswalk(site, {"ndc11": PADCEV_20, "hcpcs": "J9271"})
    assert identity(site, "J9177", PADCEV_20) == ("cms_code_ndc_agrees", ENFORTUMAB, 0.25)


@pytest.mark.parametrize(
    ("rows", "basis"),
    [
        ([OF_2025 | {"hcpcs": "J9271"}, {"hcpcs": "J1324"}], "cms_code_ndc_agrees"),
        ([OF_2025 | {"hcpcs": "J1324"}], "cms_code_ndc_agrees"),
        (
            [
                {"effective_quarter": "2025Q2", "hcpcs": "J9271"},
                OF_2025 | {"hcpcs": "J1324"},
                {"effective_quarter": "2026Q2", "hcpcs": "J9271"},
            ],
            "cms_code_ndc_agrees",
        ),
        ([{"effective_quarter": "2026Q2", "hcpcs": "J1324"}], "cms_code_ndc_agrees"),
        (
            [{"hcpcs": "J9271"}, {"hcpcs": "J1324", "published_on": "2026-02-01"}],
            "cms_code_ndc_agrees",
        ),
        ([{"hcpcs": "J1324"}, {"hcpcs": "J9177", "published_on": "2026-02-01"}], "house_code"),
        ([{"hcpcs": "J1324", "published_on": "2026-07-01"}], "house_code"),
    ],
    ids=[
        "its quarter",
        "earlier",
        "nearest earlier",
        "later",
        "latest publication",
        "an earlier publication",
        "after as-of",
    ],
)
def test_the_crosswalk_of_the_quarter_or_the_nearest(site, rows, basis):
    crosswalk(site, *rows)
    assert identity(site, "J1324")[0] == basis


@pytest.mark.parametrize(
    ("ndc", "basis"),
    [
        ("", "cms_code_no_ndc"),
        ("99999999999", "cms_code_ndc_unknown"),
        (FUZEON, "cms_code_ndc_agrees"),
        (PADCEV_20, "ndc_contradicts_code"),
    ],
)
def test_a_code_that_only_a_limit_knows_is_cmss(site, ndc, basis):
    crosswalk(site, {"hcpcs": "J0000"})
    site.reference["payment_limits"] = limits(("2019Q1", "J0000", "2018-12-17", "1"))
    drug = ENFORTUMAB if basis == "ndc_contradicts_code" else None
    assert identity(site, "J0000", ndc) == (basis, drug, None)


def test_a_sites_rows_stand_beside_the_shipped_ones(site):
    crosswalk(site, {"hcpcs": "J1324"})
    site.keep("ndc_crosswalk", csv_of([OF_2026 | {"ndc11": FUZEON, "hcpcs": "J9177"}]))
    assert identity(site, "J1324")[0] == "cms_code_ndc_agrees"
