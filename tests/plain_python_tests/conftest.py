"""Empty sites for the tests of the oracle."""

from __future__ import annotations

import pytest
from plain_python_tests.written_site import SHIPPED, Site

PEND_AND_FORWARD = """\
CARC,133,*,,,340,pend,no,informational,disposition pending
CARC,257,*,,,340,pend,no,informational,undecided in the grace period
CARC,B11,*,,,360,forward,no,informational,sent on to another payer
CARC,193,*,,,320,appeal_outcome,no,informational,original decision upheld
"""


@pytest.fixture
def site(tmp_path):
    """Return an empty site with the shipped reference of this module."""
    (tmp_path / "site" / "raw").mkdir(parents=True)
    (tmp_path / "shipped").mkdir()
    return Site(tmp_path / "site", tmp_path / "shipped")


@pytest.fixture
def pending_site(site):
    """Return a site that knows the pended, forwarded and upheld answers."""
    site.reference["denial_reasons"] = SHIPPED["denial_reasons"] + PEND_AND_FORWARD
    return site
