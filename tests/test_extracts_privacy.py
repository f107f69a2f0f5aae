"""Nothing of a patient leaves a flat extract: not by a table, a message, a log or an export.

Every place where a site may have put a name bears a marker: columns nobody knows, cells of the
wrong shape, a file without a header, and a member id of a patient.
"""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from analytics.cli import app
from tests.test_privacy import NAME, kept_texts

MEMBER = "SYNMEMBER77"
BIRTH_DATE = "1961-02-03"
FILES = {
    "claims.csv": f"claim_number,line_number,hcpcs,service_date,patient_id,payer_name\n"
    f"C1,1,J1324,2026-02-10,{MEMBER},ALDER\nC2,1,{NAME},2026-02-10,{MEMBER},ALDER\n"
    f"C3,{NAME},J1324,{BIRTH_DATE},{MEMBER},ALDER,{NAME}\n",
    "remits.csv": f"claim_number,remit_line_number,payment_date,paid_usd,charge_usd,patient_id\n"
    f"C1,1,2026-03-01,100,100,{MEMBER}\nC1,2,2026-03-01,{NAME},100,{MEMBER}\n",
    "named.csv": f"claim_number,line_number,Last Name,Birth Date\nC9,1,{NAME},{BIRTH_DATE}\n",
    "headless.csv": f"{NAME},{BIRTH_DATE},{MEMBER}\n{NAME},{BIRTH_DATE},{MEMBER}\n",
    "quote.csv": f'claim_number,line_number,hcpcs\nC8,1,"{NAME}\n',
    "infusions.csv": f"administration_id,patient_id,service_date,drug,route\n"
    f"I1,{MEMBER},2026-02-10,padcev,IV\nI2,{MEMBER},{NAME},padcev,IV\n",
    "ignored/columns.toml": 'ignore = ["Patient"]\n',
    "ignored/more.csv": f"claim_number,line_number,service_date,Patient\nC7,1,2026-02-10,{NAME}\n",
    "broken/columns.toml": f'"{NAME[:4]}',
}


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "planted"
    (folder / "raw").mkdir(parents=True)
    (folder / "site.toml").write_text("as_of = 2026-08-31\n")
    for name, text in FILES.items():
        path = folder / "raw" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return folder


def test_marker_of_a_patient_is_never_printed_nor_kept(planted: Path):
    printed = ""
    for command in (("refresh",), ("refresh", "--json"), ("check", "--json")):
        printed += CliRunner().invoke(app, [*command, "--data", str(planted)]).output
    assert "published" in printed, printed
    assert '"Last Name"' in printed
    for place, text in [("what was printed", printed), *kept_texts(planted)]:
        for marker in (NAME, MEMBER, BIRTH_DATE):
            assert marker not in text, f"{place} holds {marker}"
