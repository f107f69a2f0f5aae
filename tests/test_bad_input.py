"""Input that cannot be used: a sentence with the file and the way out, and nothing else is lost.

Every case adds one bad thing to a copy of the same small site and refreshes it through the command
line. What a case is not about must keep its figures to the cent.
"""

import gzip
import io
import shutil
import zipfile
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from scenario_site import (
    ALDER,
    APR_1,
    BIRCH,
    MAR_1,
    Mail,
    Plan,
    allowed,
    answer,
    at_contract,
    at_old_rate,
    base_terms,
    drug,
    payers,
    publish,
    term,
)
from small_x12 import ACKNOWLEDGEMENT, REMIT, Style, interchange
from typer.testing import CliRunner

from analytics.cli import app
from analytics.settings import DataFolder
from analytics.synthetic.x12_writer import Envelope, render_835, render_837
from analytics.warehouse.runs import current_run

NAME = "SYNTHETIC-NAME"
ELM, FIR = Plan("elm"), Plan("fir")
FIGURES = [
    *("claim_id", "line_number", "payer_id", "outcome", "charge_usd", "allowed_usd", "paid_usd"),
    *("expected_allowed_usd", "shortfall_usd", "payer_owed_usd", "pricing_basis"),
]


@dataclass(frozen=True)
class Site:
    """A copy of the small site, and what a refresh of it says."""

    root: Path

    @property
    def raw(self) -> Path:
        return self.root / "raw"

    def refresh(self) -> tuple[int, str]:
        """The exit code and all that is printed, which names no patient and shows no traceback."""
        printed = CliRunner().invoke(app, ["refresh", "--data", str(self.root)])
        assert printed.exception is None or isinstance(printed.exception, SystemExit)
        assert NAME not in printed.output
        assert "Traceback" not in printed.output
        return printed.exit_code, printed.output

    def run_id(self) -> str:
        return current_run(DataFolder(self.root)).run_id

    def table(self, name: str) -> pl.DataFrame:
        return pl.read_parquet(self.root / "warehouse/runs" / self.run_id() / f"{name}.parquet")

    def figures(self, *without: str) -> list[tuple]:
        """Every drug line with its dollars, but for the claims a case is about."""
        lines = self.table("drug_line_outcomes").filter(~pl.col("claim_id").is_in(without))
        return sorted(lines.select(FIGURES).rows(), key=str)

    def line(self, claim_id: str) -> dict[str, object]:
        return self.table("drug_line_outcomes").row(
            by_predicate=pl.col("claim_id") == claim_id, named=True
        )

    def edit_reference(self, name: str, old: str, new: str) -> None:
        path = self.root / "reference" / f"{name}.csv"
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))


@pytest.fixture(scope="module")
def published_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two payers under contract, one without; four claims, all answered."""
    mail = Mail()
    for number, plan in (("A1", ALDER), ("A2", ALDER), ("B1", BIRCH)):
        mail.settle(number, drug(), at_old_rate(drug()), plan=plan)
    mail.bill("A3", drug())
    mail.pay(MAR_1, answer("A3", at_contract(drug())), file="later.835")
    folder = tmp_path_factory.mktemp("site") / "published"
    alder_terms = [
        term(ALDER, "J1324", "0.7150", recorded_on="2022-12-01"),
        term(ALDER, "J1324", "0.7425", effective_from="2026-01-01", recorded_on="2025-12-01"),
    ]
    reference = {
        **payers(ALDER, BIRCH, FIR),
        "contract_terms": [*alder_terms, *base_terms(BIRCH)],
    }
    publish(folder, NamedMail(mail.claims, mail.remits), reference)
    return folder


@pytest.fixture
def site(published_site: Path, tmp_path: Path) -> Site:
    shutil.copytree(published_site, tmp_path / "site")
    return Site(tmp_path / "site")


class NamedMail(Mail):
    """Mail whose patients all bear the name that nothing may repeat."""

    def files(self) -> dict[str, str]:
        return {name: named(text) for name, text in super().files().items()}


def named(text: str) -> str:
    assert "*1*SYNTHETIC*" in text
    return text.replace("*1*SYNTHETIC*", f"*1*{NAME}*")


def receive(site: Site, number: str, plan: Plan = ALDER, hcpcs: str = "J1324") -> None:
    """One more claim with its answer, in two more files."""
    line, mail = drug(hcpcs), Mail()
    mail.bill(number, line, plan=plan)
    mail.pay(APR_1, answer(number, allowed(line, "60.00")), plan=plan)
    [remits] = mail.remits.values()
    claims = render_837(mail.claims, Envelope(control_number=71))
    (site.raw / "more.837").write_text(named(claims), newline="")
    (site.raw / "more.835").write_text(
        named(render_835(remits, Envelope(control_number=72))), newline=""
    )


def cut(path: Path, before: str) -> None:
    """What is left of a file whose upload broke off."""
    text = path.read_text()
    path.write_text(text[: text.rindex(before)], newline="")


# raw files


def test_file_that_is_not_x12_is_named_with_the_way_out(site: Site):
    before = site.figures()
    (site.raw / "eob.pdf").write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + NAME.encode())
    (site.raw / "login.835").write_text(f"<!DOCTYPE html><p>{NAME}: please sign in</p>")
    (site.raw / "empty.835").write_bytes(b"")
    code, said = site.refresh()
    assert code == 1
    assert "eob.pdf was not used: not X12: a PDF, which no amount is read from; ask" in said
    assert "login.835 was not used: not X12: a web page or XML, which no amount is read" in said
    assert said.count("ask the sender for the 835 or 837 as a file of its own, or take this") == 2
    assert "empty.835 was not used: not X12: the file is empty; ask the sender for it" in said
    assert site.figures() == before


def zipped(folder: Path) -> bytes:
    """Every file of a folder as a member of one archive."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, path.name)
    return packed.getvalue()


def test_zip_is_never_read_as_if_it_were_the_file_in_it(site: Site):
    # A zip may store a file as it is; its ISA then stands in the zip for all to see.
    before = site.figures()
    packed = b"PK\x03\x04" + (site.raw / "later.835").read_bytes().replace(b"CLP*A3", b"CLP*A2")
    (site.raw / "drop.zip").write_bytes(packed)
    code, said = site.refresh()
    assert code == 1
    assert "drop.zip was not used: not read: the zip archive is damaged, cut off, or one" in said
    assert "ask the sender for the archive again" in said
    assert site.figures() == before


def test_zip_in_place_of_its_files_changes_no_figure(site: Site):
    before, packed = site.figures(), zipped(site.raw)
    names = {path.name for path in site.raw.iterdir()}
    for path in site.raw.iterdir():
        path.unlink()
    (site.raw / "drop.zip").write_bytes(packed)
    code, _ = site.refresh()
    assert code == 0
    assert site.figures() == before
    ledger = site.table("load_ledger")
    assert set(ledger["source_file"]) == {f"drop.zip/{name}" for name in names}
    assert set(ledger["status"]) == {"loaded"}
    assert site.line("A3")["source_file"].startswith("drop.zip/")


def test_same_files_plain_gzip_and_zip_are_duplicates_and_change_no_figure(site: Site):
    before, packed = site.figures(), zipped(site.raw)
    plain = site.table("load_ledger").sort("source_file")
    for path in list(site.raw.iterdir()):
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
    (site.raw / "all.zip").write_bytes(packed)
    code, said = site.refresh()
    assert code == 0
    assert f"{plain.height} loaded" in said
    assert site.figures() == before
    ledger = site.table("load_ledger")
    assert ledger["status"].value_counts().sort("status").rows() == [
        ("duplicate", 2 * plain.height),
        ("loaded", plain.height),
    ]
    assert set(ledger["sha256"]) == set(plain["sha256"])
    assert (
        ledger["segments"]
        == ledger.select(
            pl.sum_horizontal("^segments_(loaded|rejected|duplicate|not_ours)$")
        ).to_series()
    ).all()


def test_archive_with_a_damaged_member_loads_the_rest(site: Site):
    before = site.figures("A3")
    packed = bytearray(zipped(site.raw))
    for path in list(site.raw.iterdir()):
        path.unlink()
    # later.835 is the second of three; one of its last packed bytes is another.
    packed[packed.index(b"PK\x03\x04", packed.index(b"later.835")) - 3] ^= 0xFF
    (site.raw / "drop.zip").write_bytes(packed)
    code, said = site.refresh()
    assert code == 1
    assert "drop.zip/later.835 was not used: not read: its packing in the zip archive" in said
    assert site.figures("A3") == before
    assert site.line("A3")["outcome"] == "open"
    rejected = site.table("load_ledger").filter(pl.col("status") == "rejected")
    assert rejected["source_file"].to_list() == ["drop.zip/later.835"]


@pytest.mark.parametrize("kept", [0.5, 0.999])
def test_gzip_that_breaks_off_is_refused_whole(site: Site, kept: float):
    # What came before the break could be read; that a payment is whole could not be told.
    before = site.figures("A3")
    path = site.raw / "later.835"
    packed = gzip.compress(path.read_bytes())
    path.write_bytes(packed[: int(len(packed) * kept)])
    code, said = site.refresh()
    assert code == 1
    assert "later.835 was not used: not read: its gzip packing is damaged or cut off" in said
    assert site.figures("A3") == before
    assert site.line("A3")["paid_usd"] == 0


def test_truncated_remit_is_named_and_can_be_asked_for_again(site: Site):
    before = site.figures("A3")
    cut(site.raw / "later.835", "CAS*PR")
    code, said = site.refresh()
    assert code == 1
    [sentence] = [line for line in said.splitlines() if "no SE" in line]
    assert "later.835" in sentence
    assert "ask the sender for the file again" in sentence
    assert site.figures("A3") == before
    # What the payer allowed cannot be told from half an answer, so nothing is asked for.
    assert not site.line("A3")["shortfall_usd"]


def test_truncated_claims_file_is_named_and_can_be_asked_for_again(site: Site):
    before = site.figures("A3")
    cut(site.raw / "claims.837", "CLM*A3")
    code, said = site.refresh()
    assert code == 1
    [sentence] = [line for line in said.splitlines() if "no SE" in line]
    assert "claims.837" in sentence
    assert "ask the sender for the file again" in sentence
    assert site.figures("A3") == before


def test_remit_cut_off_within_an_amount_never_pays_half_of_it(site: Site):
    # CLP*A3*1*180*53.46 cut after the 5 would read as five dollars.
    before = site.figures("A3")
    path = site.raw / "later.835"
    text = path.read_text()
    path.write_text(text[: text.index("HC:J1324*180*53.46*") + len("HC:J1324*180*5")], newline="")
    code, said = site.refresh()
    assert code == 1
    assert "later.835: 1 transaction has no SE" in said
    assert said.count("The last segment is cut in two") == 1
    assert site.figures("A3") == before
    assert site.line("A3")["paid_usd"] == Decimal("53.46")
    # Nothing new, and still it is said and not only counted in the exit code.
    assert site.refresh()[0] == 1
    assert "later.835: 1 transaction has no SE" in site.refresh()[1]


def test_claim_cut_off_before_its_lines_asks_for_nothing(site: Site):
    cut(site.raw / "later.835", "SVC*HC:J1324")
    site.refresh()
    assert not site.line("A3")["shortfall_usd"]


def test_trouble_is_told_once(site: Site):
    (site.raw / "eob.pdf").write_bytes(b"%PDF-1.7")
    site.edit_reference("contract_terms", "alder,J1324,fixed,0.7425", "alder,J1324,fixed,a lot")
    _, said = site.refresh()
    assert said.count("not X12: a PDF") == 1
    assert said.count('found "a lot"') == 1


def test_files_that_are_not_used_are_named_with_their_reason(site: Site):
    (site.raw / "ack.999").write_bytes(interchange(ACKNOWLEDGEMENT))
    (site.raw / "trial.835").write_bytes(interchange(REMIT, style=Style(isa={15: "T"})))
    code, said = site.refresh()
    assert code == 0
    assert "ack.999: X12 999, neither remits nor medical claims; counted, not used." in said
    assert "trial.835: 1 transaction of a test interchange; counted, not used." in said
    (site.raw / "extract.csv").write_text("colour,size,weight\nA1,1,2\n")
    code, said = site.refresh()
    assert code == 1
    assert "extract.csv was not used: a table with none of the columns of claim_lines" in said


def test_empty_raw_folder_is_said(site: Site):
    for path in site.raw.iterdir():
        path.unlink()
    code, said = site.refresh()
    assert code == 0
    assert "no file received: raw/ is empty" in said


def test_day_before_every_file_is_a_warning(site: Site):
    (site.root / "site.toml").write_text("as_of = 2001-01-31\n")
    _, said = site.refresh()
    assert "The figures are as of 2001-01-31, and the first file was sent on 20" in said


def test_same_transaction_in_another_file_changes_no_figure(site: Site):
    before = site.figures()
    text = (site.raw / "later.835").read_text()
    renumbered = text.replace("ST*835*0001", "ST*835*0009").replace("*0001~\nGE", "*0009~\nGE")
    assert renumbered != text
    (site.raw / "later-again.835").write_text(renumbered, newline="")
    code, said = site.refresh()
    assert code == 0
    assert "1 duplicate" in said
    files = site.table("load_ledger")
    copies = files.filter(pl.col("status") == "duplicate")
    assert copies["source_file"].is_in(["later.835", "later-again.835"]).to_list() == [True]
    assert site.figures() == before


@pytest.mark.parametrize(
    ("name", "before"),
    [
        *[("remits.835", before) for before in ("BPR*", "CLP*A2", "DTM*472", "SE*", "GE*")],
        *[("claims.837", before) for before in ("CLM*A2", "SV1*", "SE*", "GE*")],
    ],
)
def test_upload_that_broke_off_and_came_again_whole_counts_once(site: Site, name: str, before: str):
    figures = site.figures()
    whole = (site.raw / name).read_text()
    (site.raw / f"cut-{name}").write_text(whole[: whole.rindex(before)], newline="")
    site.refresh()
    ledger = site.table("load_ledger").filter(pl.col("source_file") == f"cut-{name}")
    assert ledger["segments_loaded"].item() + ledger["segments_duplicate"].item() > 0
    assert site.figures() == figures


def test_upload_that_broke_off_with_another_answer_than_the_whole_is_loaded_beside_it(site: Site):
    whole = (site.raw / "later.835").read_text()
    other = whole[: whole.rindex("SE*")].replace("CLP*A3*1*180*53.46", "CLP*A3*1*180*53.45")
    assert other != whole[: whole.rindex("SE*")]
    (site.raw / "cut-later.835").write_text(other, newline="")
    _, said = site.refresh()
    ledger = site.table("load_ledger").filter(pl.col("source_file") == "cut-later.835")
    assert ledger["segments_duplicate"].item() == 0
    assert "may count twice" in said


def test_one_payment_in_two_remits_that_differ_is_named_with_its_dollars(site: Site):
    text = (site.raw / "later.835").read_text()
    again = text.replace("ISA*00*", "ISA*03*", 1).replace("LX*1~", "LX*7~")
    assert again != text
    (site.raw / "from-another-sender.835").write_text(again, newline="")
    _, said = site.refresh()
    [sentence] = [line for line in said.splitlines() if "may count twice" in line]
    assert "from-another-sender.835 and later.835" in sentence
    assert "$53.46" in sentence


def test_amount_that_is_no_number_is_listed_with_its_file(site: Site):
    before = site.figures("A3")
    path = site.raw / "later.835"
    text = path.read_text()
    assert "HC:J1324*180*53.46*" in text
    path.write_text(text.replace("HC:J1324*180*53.46*", f"HC:J1324*180*{NAME}*"), newline="")
    code, said = site.refresh()
    assert code == 1
    assert "published" in said
    [sentence] = [line for line in said.splitlines() if "SVC03 is not a decimal" in line]
    assert "later.835" in sentence
    assert "ask the sender what it should be" in sentence
    assert site.figures("A3") == before


def test_line_without_a_date_stops_nobody_else(site: Site):
    before = site.figures("A3")
    path = site.raw / "claims.837"
    start, date, end = path.read_text().rpartition("DTP*472*D8*20260210")
    assert date
    path.write_text(f"{start}DTP*472*D8*20261345{end}", newline="")
    code, said = site.refresh()
    assert code == 1
    assert "published" in said
    assert site.figures("A3") == before


def test_raw_folder_that_is_gone_leaves_the_last_good_run(site: Site):
    # An unmounted share looks like this.
    run_id = site.run_id()
    site.raw.rename(site.root / "elsewhere")
    code, said = site.refresh()
    assert code == 1
    assert "raw" in said
    assert site.run_id() == run_id


# what the reference does not know


def test_unknown_payer_keeps_its_lines_and_says_where_to_add_it(site: Site):
    before = site.figures()
    receive(site, "E1", ELM)
    code, said = site.refresh()
    assert code == 0
    [sentence] = [line for line in said.splitlines() if "payers.csv: ELM (SYNTHETIC)" in line]
    assert "is neither there nor in payer_aliases.csv: run analytics init, or add it" in sentence
    assert "1 line, $180.00 charged, $60.00 allowed, wait for a payer" in sentence
    assert site.line("E1")["pricing_basis"] == "not priced: payer not in payers.csv"
    assert site.figures("E1") == before


def test_unknown_code_keeps_its_line_and_says_where_to_look(site: Site):
    before = site.figures()
    receive(site, "U1", hcpcs="J9876")
    code, said = site.refresh()
    assert code == 0
    code_asked, term_asked = (line for line in said.splitlines() if "hcpcs J9876:" in line)
    assert "reference/drug_codes.csv, hcpcs J9876: write its drug and unit_mg" in code_asked
    assert "reference/contract_terms.csv, payer_id alder" in term_asked
    assert "1 line, $180.00 charged, $60.00 allowed" in term_asked
    assert site.line("U1")["identity_basis"] == "unknown_code"
    assert site.line("U1")["pricing_basis"].startswith("not priced:")
    assert site.figures("U1") == before


def test_payer_without_a_contract_keeps_its_lines_and_says_where_to_add_it(site: Site):
    before = site.figures()
    receive(site, "F1", FIR)
    code, said = site.refresh()
    assert code == 0
    [sentence] = [line for line in said.splitlines() if "payer_id fir" in line and "J1324" in line]
    assert "reference/contract_terms.csv" in sentence
    assert "no term is in force for 1 line, $180.00 charged, $60.00 allowed" in sentence
    assert site.figures("F1") == before


# reference files


def test_csv_with_a_wrong_column_is_named_and_the_last_run_stays(site: Site):
    run_id, before = site.run_id(), site.figures()
    site.edit_reference("contract_terms", "effective_from", "effective_form")
    code, said = site.refresh()
    assert code == 1
    assert (
        'reference/contract_terms.csv, effective_form: "effective_form" is not a column of this '
        "file. Did you mean effective_from?"
    ) in said
    assert "The file is not used and the last good run stays." in said
    assert f"run {run_id} stays" in said
    assert (site.run_id(), site.figures()) == (run_id, before)


def test_csv_without_a_column_it_needs_is_named_and_the_last_run_stays(site: Site):
    run_id = site.run_id()
    site.edit_reference("payer_aliases", "payer_id", "payer_name")
    code, said = site.refresh()
    assert code == 1
    assert "reference/payer_aliases.csv, payer_id: the column payer_id is missing" in said
    assert site.run_id() == run_id


def test_csv_with_a_bad_date_is_named_by_row_and_column(site: Site):
    before = site.figures("B1")
    site.edit_reference(
        "contract_terms",
        "birch,J1324,fixed,0.7425,2026-01-01",
        "birch,J1324,fixed,0.7425,01/01/2026",
    )
    code, said = site.refresh()
    assert code == 1
    assert (
        'reference/contract_terms.csv row 5, effective_from: found "01/01/2026"; expected a date '
        "of the calendar, written 2026-01-31. The row is not used until it is mended."
    ) in said
    assert site.line("B1")["pricing_basis"] == (
        "not priced: row 5 of contract_terms.csv could not be used"
    )
    assert site.figures("B1") == before


def test_amendment_with_a_bad_date_does_not_bring_the_old_rate_back(site: Site):
    before = site.figures()
    site.edit_reference(
        "contract_terms",
        "alder,J1324,fixed,0.7425,2026-01-01",
        "alder,J1324,fixed,0.7425,01/01/2026",
    )
    code, said = site.refresh()
    assert code == 1
    assert 'effective_from: found "01/01/2026"' in said
    # Either the last run stays or the line has no price; never the rate the amendment replaced.
    assert site.figures() == before or site.line("A3")["expected_allowed_usd"] is None
