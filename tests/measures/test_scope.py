"""A question's payer, code and period, and nothing left out that was not asked to be."""

from datetime import date

import pytest
from small_lines import a_line, lines_of

from analytics.errors import UsageError
from analytics.measures import MissingColumns, in_scope


def codes_in(**scope: object) -> list[str]:
    lines = lines_of(
        a_line(hcpcs="J1324", payer_id="birch", service_date=date(2026, 1, 1)),
        a_line(hcpcs="J9177", payer_id="ash", service_date=date(2026, 1, 31)),
        a_line(hcpcs="J9299", payer_id="ash", service_date=None),
    )
    return in_scope(lines, **scope).collect()["hcpcs"].to_list()


def test_asking_for_nothing_keeps_every_line():
    assert codes_in() == ["J1324", "J9177", "J9299"]


def test_both_ends_of_the_period_belong_to_it():
    assert codes_in(service_from="2026-01-01", service_to="2026-01-31") == ["J1324", "J9177"]
    assert codes_in(service_from=date(2026, 1, 2)) == ["J9177"]
    assert codes_in(service_to="2026-01-30") == ["J1324"]


def test_payer_and_code_narrow_together():
    assert codes_in(payer_id="ash") == ["J9177", "J9299"]
    assert codes_in(payer_id="ash", hcpcs="J1324") == []


def test_date_that_is_none_is_refused():
    with pytest.raises(UsageError, match="found '2026-13-01'"):
        codes_in(service_from="2026-13-01")


def test_frame_without_dates_is_refused_only_when_dates_are_asked_for():
    undated = lines_of(a_line()).drop("service_date")
    assert in_scope(undated, hcpcs="J1324").collect().height == 1
    with pytest.raises(MissingColumns, match="missing service_date"):
        in_scope(undated, service_to="2026-01-31")
