"""The oracle answers the worked cases to the cent, on X12 text these tests write themselves."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from plain_python import answers

PADCEV_20 = "51144002001"
PADCEV_30 = "51144003001"
NPI = "1234567893"

SHIPPED = {
    "payers": """\
payer_id,payer_name,line_of_business,appeal_days,look_back_days
acme,Acme Health,commercial,180,365
best,Best Mutual,commercial,180,
cms,Medicare Part B,medicare_ffs,120,
""",
    "payer_aliases": """\
alias,payer_id
ACME1,acme
BEST 1,best
CMS1,cms
""",
    "house_codes": """\
hcpcs,drug,unit_mg,effective_from,effective_through,source
J1324,enfortumab vedotin-ejfv,1,2019-12-18,,house
""",
    "drug_codes": """\
hcpcs,drug,descriptor,unit_mg,is_biosimilar,is_unlisted,effective_from,effective_through
J1324,enfuvirtide,Injection enfuvirtide 1 mg,1,no,no,2007-01-01,
J9177,enfortumab vedotin-ejfv,Inj enfort vedo-ejfv 0.25mg,0.25,no,no,2020-07-01,
J9271,pembrolizumab,Inj pembrolizumab 1 mg,1,no,no,2016-01-01,
""",
    "drug_packages": f"""\
ndc11,drug,hcpcs,package_mg,billable_mg,package_quantity,quantity_unit,single_dose
{PADCEV_20},enfortumab vedotin-ejfv,J9177,20,20,1,UN,yes
{PADCEV_30},enfortumab vedotin-ejfv,J9177,30,30,1,UN,yes
""",
    "payment_limits": """\
effective_quarter,hcpcs,published_on,published_on_basis,payment_limit,coinsurance_pct
2025Q4,J9177,2025-09-17,file name,36.743,19.401
2026Q1,J9177,2025-12-17,file name,36.718,19.550
""",
    "denial_reasons": """\
code_set,code,group_code,rarc,payer_id,precedence,denial_class,counts_as_denial,effect,meaning
CARC,1,*,,,90,patient_responsibility,no,patient,deductible
CARC,2,*,,,90,patient_responsibility,no,patient,coinsurance
CARC,3,*,,,90,patient_responsibility,no,patient,copay
CARC,23,OA,,,90,coordination_of_benefits,no,prior_payer,impact of the prior payer
CARC,45,*,,,99,contractual,no,reduces_allowed,charge above the contract
CARC,253,*,,,99,contractual,no,payment_only,sequestration
CARC,16,*,,,50,missing_or_invalid_information,yes,reduces_allowed,information is missing
CARC,18,*,,,60,duplicate,apart,reduces_allowed,exact duplicate
CARC,27,*,,,20,benefit_or_eligibility,yes,reduces_allowed,after coverage ended
CARC,97,*,,,70,bundled,apart,reduces_allowed,included in another service
CARC,151,*,,,20,dosage_or_units,yes,reduces_allowed,too many units
CARC,197,*,,,10,prior_authorization,yes,reduces_allowed,no authorization
CARC,204,*,,,20,benefit_or_eligibility,yes,reduces_allowed,not covered by the plan
RARC,N822,,,,,missing_or_incorrect_modifier,,,modifier missing
""",
    "contract_terms": """\
contract_id,payer_id,hcpcs,method,rate,charge_cap,effective_from,recorded_on
X,acme,J1324,fixed,0.7425,,2025-01-01,2024-12-01
X,acme,96372,fixed,40.00,,2025-01-01,2024-12-01
X,acme,J9177,pct_of_limit,100,,2025-01-01,2024-12-01
""",
    "payer_policies": """\
payer_id,hcpcs,payer_rank,covered,pays_waste,requires_jw,requires_jz,effective_from
acme,*,primary,yes,yes,yes,yes,2025-01-01
""",
}


def svc(code, charge, paid, cas=(), *, units="", original="", billed="", day="", ref="", extra=()):
    """Return the segments of one remit line; cas such as CO*45*113.17."""
    segments = [f"SVC*HC:{code}*{charge}*{paid}**{units}*{original}*{billed}"]
    segments += [f"DTM*472*{day}"] if day else []
    segments += [f"CAS*{each}" for each in cas]
    segments += [f"REF*6R*{ref}"] if ref else []
    return [*segments, *extra]


def clp(number, status, charge, paid, lines=(), *, icn="", day="20260105", cas=(), extra=()):
    """Return the segments of one remit claim."""
    segments = [f"CLP*{number}*{status}*{charge}*{paid}**12*{icn}"]
    segments += [f"CAS*{each}" for each in cas]
    segments += ["NM1*QC*1*******MI*M1", *extra]
    segments += [f"DTM*232*{day}"] if day else []
    return segments + [segment for line in lines for segment in line]


def sv1(code, charge, units, *, ndc="", vials="", day="20260105"):
    """Return the segments of one billed line; vials is the NDC quantity."""
    segments = [f"SV1*HC:{code}*{charge}*UN*{units}***1", f"DTP*472*D8*{day}"]
    return [*segments, *([f"LIN**N4*{ndc}", f"CTP****{vials}*UN"] if ndc else [])]


@dataclass
class Site:
    """A site folder that grows by the claims sent and the remits received."""

    folder: Path
    shipped: Path
    sent: int = 0
    terms: str = SHIPPED["contract_terms"]
    reference: dict[str, str] = field(default_factory=dict)

    def bill(
        self,
        number,
        charge,
        lines,
        *,
        payer="ACME1",
        rank="P",
        frequency="1",
        icn="",
        sent_on="20260106",
        member="M1",
    ):
        """Send one claim in an 837P of its own."""
        body = [f"BHT*0019*00*{number}*{sent_on}*1200*CH", "HL*1**20*1"]
        body += ["NM1*85*2*CLINIC*****XX*" + NPI, "HL*2*1*22*0", f"SBR*{rank}*18*******CI"]
        body += [f"NM1*IL*1*A*B****MI*{member}", f"NM1*PR*2*PAYER*****PI*{payer}"]
        body += [f"CLM*{number}*{charge}***11:B:{frequency}*Y*A*Y*Y"]
        body += [f"REF*F8*{icn}"] if icn else []
        for place, line in enumerate(lines, start=1):
            body += [f"LX*{place}", *line]
        self._write("HC", "837", "005010X222A1", body, sent_on)

    def remit(
        self, claims, *, payer="ACME1", paid_on="20260201", total=None, plb=(), direction="C"
    ):
        """Receive one 835; the payment is the sum of the claims unless given."""
        paid = sum(Decimal(claim[0].split("*")[4]) for claim in claims)
        body = [f"BPR*I*{paid if total is None else total}*{direction}*ACH************{paid_on}"]
        body += ["TRN*1*1*1", f"N1*PR*PAYER*XV*{payer}", f"N1*PE*CLINIC*XX*{NPI}", "LX*1"]
        body += [segment for claim in claims for segment in claim]
        self._write("HP", "835", "005010X221A1", [*body, *plb], paid_on)

    def keep(self, name, text):
        """Put a reference file of the site's own beside the shipped ones."""
        (self.folder / "reference").mkdir(exist_ok=True)
        (self.folder / "reference" / f"{name}.csv").write_text(text, encoding="utf-8")

    def answers(self, as_of=date(2026, 6, 30)):
        """Return the oracle's answers."""
        for name, text in (SHIPPED | {"contract_terms": self.terms} | self.reference).items():
            (self.shipped / f"{name}.csv").write_text(text, encoding="utf-8")
        return answers(self.folder, self.shipped, as_of)

    def lines(self, table="drug_line_outcomes", **asked):
        """Return the rows of a line table that have the values asked for, by key."""
        rows = [
            row
            for row in self.answers()[table]
            if all(row[column] == sought for column, sought in asked.items())
        ]
        return sorted(rows, key=lambda row: (row["claim_id"], row["line_number"]))

    def _write(self, group, kind, version, body, day):
        self.sent += 1
        control = f"{self.sent:09d}"
        segments = [
            f"ISA*00*{'':10}*00*{'':10}*ZZ*{'A':15}*ZZ*{'B':15}*{day[2:]}*1200*^*00501*{control}"
            "*0*P*:",
            f"GS*{group}*A*B*{day}*1200*{self.sent}*X*{version}",
            f"ST*{kind}*{self.sent:04d}*{version}",
            *body,
            f"SE*{len(body) + 2}*{self.sent:04d}",
            f"GE*1*{self.sent}",
            f"IEA*1*{control}",
        ]
        name = f"{self.sent:03d}.{kind}"
        (self.folder / "raw" / name).write_text("~\n".join(segments) + "~\n", encoding="utf-8")


@pytest.fixture
def site(tmp_path):
    """Return an empty site with the shipped reference of this module."""
    (tmp_path / "site" / "raw").mkdir(parents=True)
    (tmp_path / "shipped").mkdir()
    return Site(tmp_path / "site", tmp_path / "shipped")


BILLED = [sv1("J1324", "180.00", 90)]
CONTRACT_PAID = svc("J1324", 180, "53.46", ["CO*45*113.17", "PR*2*13.37"], units=90)
OLD_RATE_PAID = svc("J1324", 180, "51.48", ["CO*45*115.65", "PR*2*12.87"], units=90)


def usd(text):
    """Return dollars."""
    return Decimal(text)


def test_patient_share_is_not_underpayment_and_the_tie_rounds_up(site):
    site.bill("A1", 180, BILLED)
    site.remit([clp("A1", 1, 180, "53.46", [CONTRACT_PAID])])
    (line,) = site.lines()
    assert line["expected_allowed_usd"] == line["allowed_usd"] == usd("66.83")
    assert (line["gap_usd"], line["payer_owed_usd"], line["match_basis"]) == (0, 0, "line")
    assert (line["coinsurance_usd"], line["outcome"]) == (usd("13.37"), "paid")


def test_stale_rate_is_short_for_payer_and_patient(site):
    site.bill("A1", 180, BILLED)
    site.remit([clp("A1", 1, 180, "51.48", [OLD_RATE_PAID])])
    (line,) = site.lines()
    assert line["gap_usd"] == line["shortfall_usd"] == usd("2.48")
    assert (line["payer_owed_usd"], line["patient_owed_usd"]) == (usd("1.98"), usd("0.50"))
    assert line["ask_usd"] == usd("1.98")


def test_line_cap_gives_away_what_the_charge_lacks(site):
    site.terms = site.terms.replace("0.7425,,", "0.7425,line,").replace("40.00,,", "40.00,line,")
    site.bill("A1", 210, [sv1("J1324", 60, 90), sv1("96372", 150, 1)])
    paid = [svc("J1324", 60, 60, units=90), svc("96372", 150, 40, ["CO*45*110"], units=1)]
    site.remit([clp("A1", 1, 210, 100, paid)])
    rows = site.lines("claim_line_outcomes")
    assert [row["expected_allowed_usd"] for row in rows] == [usd("60.00"), usd("40.00")]
    (line,) = site.lines()
    assert (line["gap_usd"], line["charge_limited_usd"]) == (0, usd("6.83"))


def test_reversal_and_correction_leave_one_payment_and_interest_apart(site):
    site.bill("A1", 180, BILLED)
    site.remit([clp("A1", 1, 180, "51.48", [OLD_RATE_PAID], icn="OLD")])
    back = svc("J1324", -180, "-51.48", ["CO*45*-115.65", "PR*2*-12.87"], units=90)
    again = clp("A1", 1, 180, "53.46", [CONTRACT_PAID], icn="NEW", extra=["AMT*I*0.25"])
    reversal = clp("A1", 22, -180, "-51.48", [back], icn="OLD")
    plb = [f"PLB*{NPI}*20261231*L6*-0.25"]
    site.remit([reversal, again], paid_on="20260301", total="2.23", plb=plb)
    (line,) = site.lines()
    assert (line["paid_usd"], line["gap_usd"]) == (usd("53.46"), 0)
    assert (line["interest_usd"], line["recovered_usd"]) == (usd("0.25"), usd("2.48"))
    assert (line["initial_paid_usd"], line["initial_outcome"]) == (usd("51.48"), "paid")
    assert line["first_paid_date"] == line["last_paid_date"] == date(2026, 3, 1)
    assert all(row["balanced"] for row in site.answers()["remit_balances"])


def test_a_take_back_of_another_claim_is_not_this_claims_shortfall(site):
    site.bill("OTHER", 180, BILLED, member="M2")
    site.remit([clp("OTHER", 1, 180, "53.46", [CONTRACT_PAID], icn="OLDICN")])
    site.bill("A1", 180, BILLED)
    plb = [f"PLB*{NPI}*20261231*WO:OLDICN*40.00"]
    paid = clp("A1", 1, 180, "53.46", [CONTRACT_PAID])
    site.remit([paid], paid_on="20260301", total="13.46", plb=plb)
    (line,) = site.lines(claim_id="A1")
    assert (line["gap_usd"], line["paid_usd"]) == (0, usd("53.46"))
    (taken,) = site.answers()["provider_adjustments"]
    assert (taken["reason_code"], taken["amount_usd"]) == ("WO", usd("40.00"))
    assert taken["linked_claim_id"] == "OTHER"
    assert all(row["balanced"] for row in site.answers()["remit_balances"])


def test_a_secondary_payer_owes_no_contract_amount(site):
    site.bill("A1", 180, BILLED)
    site.bill("A1", 180, BILLED, payer="BEST1", rank="S", sent_on="20260210")
    site.remit([clp("A1", 1, 180, "53.46", [CONTRACT_PAID])])
    second = svc("J1324", 180, "13.37", ["OA*23*166.63"], units=90)
    site.remit([clp("A1", 2, 180, "13.37", [second])], payer="BEST1", paid_on="20260301")
    primary, secondary = site.lines(claim_id="A1")
    if primary["payer_rank"] == "secondary":
        primary, secondary = secondary, primary
    assert primary["paid_usd"] + secondary["paid_usd"] == usd("66.83")
    assert (secondary["payer_rank"], secondary["gap_usd"]) == ("secondary", None)
    assert (secondary["shortfall_usd"], secondary["prior_payer_usd"]) == (0, usd("166.63"))
    assert (secondary["outcome"], secondary["expected_allowed_usd"]) == ("paid", None)
    assert secondary["pricing_basis"] == "not priced: not the primary payer"


@pytest.mark.parametrize("number_of_b", ["A1", "B1"], ids=["same number", "own number"])
def test_a_claim_split_at_the_charge_limit_is_no_duplicate(site, number_of_b):
    site.terms = site.terms.replace("0.7425", "240.00")
    site.bill("A1", "99840.00", [sv1("J1324", "99840.00", 416)])
    site.bill(number_of_b, "20160.00", [sv1("J1324:76", "20160.00", 84)])
    first = clp("A1", 1, 99840, 99840, [svc("J1324", 99840, 99840, units=416)])
    second = clp(number_of_b, 1, 20160, 20160, [svc("J1324:76", 20160, 20160, units=84)])
    site.remit([first, second])
    lines = site.lines()
    assert sum(line["billed_units"] for line in lines) == 500
    assert [(line["gap_usd"], line["outcome"]) for line in lines] == [(0, "paid"), (0, "paid")]
    assert len({line["claim_id"] for line in lines}) == 2


def test_units_cut_on_the_remit_are_short_of_the_billed_ones(site):
    site.bill("A1", 180, BILLED)
    cut = svc("J1324", 180, "6.68", ["CO*45*173.32"], units=9, billed=90)
    site.remit([clp("A1", 1, 180, "6.68", [cut])])
    (line,) = site.lines()
    assert (line["gap_usd"], line["paid_units"]) == (usd("60.15"), 9)
    assert line["payer_owed_usd"] == usd("60.15")


def test_a_half_cent_rounds_away_from_zero(site):
    site.terms = site.terms.replace("0.7425", "0.6173")
    site.bill("A1", 180, [sv1("J1324", 180, 50)])
    site.remit([clp("A1", 1, 180, "30.87", [svc("J1324", 180, "30.87", ["CO*45*149.13"])])])
    (line,) = site.lines()
    assert (line["expected_allowed_usd"], line["gap_usd"]) == (usd("30.87"), 0)


def test_a_house_code_is_priced_by_the_milligrams_of_the_cms_code(site):
    site.terms = site.terms.replace("J1324,fixed,0.7425", "J1324,pct_of_limit,104")
    billed = [sv1("J1324", 20000, 100, ndc="51144-020-01", vials=5, day="20251101")]
    site.bill("A1", 20000, billed, sent_on="20251102")
    (line,) = site.lines()
    assert (line["identity_basis"], line["drug"]) == ("house_code", "enfortumab vedotin-ejfv")
    assert (line["ndc11"], line["expected_allowed_usd"]) == (PADCEV_20, usd("15285.09"))
    assert (line["outcome"], line["open_days"]) == ("open", 240)
    (identity,) = site.answers()["code_identity"]
    assert (identity["cms_hcpcs"], identity["cms_units"]) == ("J9177", 400)


def test_without_its_house_code_the_code_is_enfuvirtide_and_has_no_price(site):
    site.terms = site.terms.replace("J1324,fixed,0.7425", "J1324,pct_of_limit,104")
    site.reference["house_codes"] = SHIPPED["house_codes"].splitlines()[0] + "\n"
    site.bill("A1", 20000, [sv1("J1324", 20000, 100)])
    (line,) = site.lines()
    assert (line["identity_basis"], line["drug"]) == ("cms_code_no_ndc", "enfuvirtide")
    assert line["pricing_basis"] == "not priced: no CMS payment limit"
    assert line["expected_allowed_usd"] is None


def test_a_denial_moved_to_the_patient_allows_nothing(site):
    site.bill("A1", 45000, [sv1("J9177", 45000, 410, day="20251105")])
    moved = svc("J9177", 45000, 0, ["PR*204*45000"], units=410)
    site.remit([clp("A1", 4, 45000, 0, [moved], day="20251105")])
    (line,) = site.lines()
    assert (line["outcome"], line["liability"]) == ("denied", "patient")
    assert (line["allowed_usd"], line["patient_usd"]) == (0, 0)
    assert line["denied_expected_usd"] == usd("15064.63")
    assert (line["final_reason"], line["gap_usd"], line["overpaid_usd"]) == ("PR-204", None, 0)


def test_an_absent_unit_count_means_nothing(site):
    site.bill("A1", 45000, [sv1("J9177", 45000, 410, day="20251105")])
    paid = svc("J9177", 45000, "15064.63", ["CO*45*29935.37"])
    site.remit([clp("A1", 1, 45000, "15064.63", [paid], day="20251105")])
    (line,) = site.lines()
    assert (line["gap_usd"], line["paid_units"]) == (0, None)


def test_one_account_number_on_two_dates_is_two_claims(site):
    for day in ("20251105", "20251126"):
        site.bill("A1", 45000, [sv1("J9177", 45000, 410, day=day)], sent_on=day)
        paid = svc("J9177", 45000, "15064.63", ["CO*45*29935.37"], units=410, day=day)
        site.remit([clp("A1", 1, 45000, "15064.63", [paid], day="")], paid_on="20251215")
    lines = site.lines()
    assert [line["claim_id"] for line in lines] == ["A1-20251105", "A1-20251126"]
    assert [line["gap_usd"] for line in lines] == [0, 0]


def test_a_payer_switch_is_a_denial_of_one_and_a_payment_of_the_other(site):
    site.terms += "Y,best,J1324,fixed,0.7425,,2025-01-01,2024-12-01\n"
    site.bill("A1", 180, BILLED)
    site.remit([clp("A1", 4, 180, 0, [svc("J1324", 180, 0, ["CO*27*180"])])])
    site.bill("A1", 180, BILLED, payer="BEST1", sent_on="20260210")
    paid = clp("A1", 1, 180, "53.46", [CONTRACT_PAID])
    site.remit([paid], payer="BEST1", paid_on="20260301")
    outcomes = {line["payer_id"]: (line["claim_id"], line["outcome"]) for line in site.lines()}
    assert outcomes == {"acme": ("A1", "denied"), "best": ("A1", "paid")}


def test_waste_on_its_own_claim_joins_the_visits_ledger_row(site):
    billed = [sv1("J9177", 45000, 410, ndc=PADCEV_20, vials=1)]
    site.bill("A1", 45000, billed)
    site.bill("A2", 3300, [sv1("J9177:JW", 3300, 30, ndc=PADCEV_30, vials=3)])
    (row,) = site.answers()["waste_ledger"]
    assert (row["finding"], row["claim_ids"]) == ("clean", "A1 A2")
    assert (row["administered_units"], row["billed_waste_units"]) == (410, 30)
    assert (row["vial_evidence"], row["expected_waste_units"]) == ("B", 30)
    assert (row["leakage_usd"], row["overbilled_usd"]) == (0, 0)


def test_unbilled_waste_is_leakage_at_the_payers_price(site):
    site.bill("A1", 45000, [sv1("J9177:JZ", 45000, 410)])
    (row,) = site.answers()["waste_ledger"]
    assert (row["finding"], row["leakage_usd"]) == ("jz_attested", None)
    assert (row["vial_evidence"], row["missed_units"]) == ("C", 30)


def test_whole_vials_on_one_line_miss_a_modifier_and_no_waste(site):
    site.bill("A1", 45000, [sv1("J9177", 45000, 440)])
    (row,) = site.answers()["waste_ledger"]
    assert (row["finding"], row["leakage_usd"]) == ("modifier_missing", 0)


def test_a_partial_denial_goes_before_the_shortfall(site):
    site.bill("A1", 180, BILLED)
    cut = svc("J1324", 180, "6.68", ["CO*151*162*81*45*11.32"], units=9, billed=90)
    site.remit([clp("A1", 1, 180, "6.68", [cut])])
    (line,) = site.lines()
    assert (line["outcome"], line["denied_expected_usd"]) == ("partly_denied", usd("60.14"))
    assert (line["shortfall_usd"], line["gap_usd"]) == (usd("0.01"), usd("60.15"))


def test_a_remark_gives_sixteen_its_class_and_the_overturned_denial_stays_initial(site):
    site.bill("A1", 180, BILLED)
    denied = svc("J1324", 180, 0, ["CO*16*180"], extra=["LQ*HE*N822"])
    site.remit([clp("A1", 4, 180, 0, [denied], icn="OLD")])
    site.bill("A1", 180, [sv1("J1324:JZ", 180, 90)], frequency="7", icn="OLD", sent_on="20260210")
    paid = svc("J1324:JZ", 180, "53.46", ["CO*45*113.17", "PR*2*13.37"], units=90)
    site.remit([clp("A1", 1, 180, "53.46", [paid], icn="NEW")], paid_on="20260301")
    (line,) = site.lines()
    assert (line["claim_id"], line["outcome"], line["gap_usd"]) == ("A1", "paid", 0)
    assert line["initial_outcome"] == "denied"
    assert line["initial_denial_class"] == "missing_or_incorrect_modifier"
    (rates,) = site.answers()["rates"]
    assert (rates["line_initial_denied"], rates["line_initial_lines"]) == (1, 1)
    assert (rates["line_final_denied"], rates["matched_lines"]) == (0, 1)


def test_an_original_sent_again_and_a_file_received_twice_count_once(site):
    site.bill("A1", 180, BILLED)
    site.bill("A1", 180, BILLED, sent_on="20260110")
    site.remit([clp("A1", 1, 180, "53.46", [CONTRACT_PAID])])
    remit = next((site.folder / "raw").glob("*.835"))
    (site.folder / "raw" / "again.835").write_bytes(remit.read_bytes())
    (line,) = site.lines()
    assert (line["paid_usd"], line["submitted_date"]) == (usd("53.46"), date(2026, 1, 6))
    assert len(site.answers()["remit_balances"]) == 1


def test_a_remit_sent_again_under_other_control_numbers_counts_once(site):
    site.bill("A1", 180, BILLED)
    site.remit([clp("A1", 1, 180, "53.46", [CONTRACT_PAID])])
    first = next((site.folder / "raw").glob("*.835"))
    text = first.read_text(encoding="utf-8")
    again = text.replace("*0002*005010X221A1", "*0001").replace("*0002~", "*0001~")
    assert again.count("0001~") == 2
    (site.folder / "raw" / "zz.835").write_text(again, encoding="utf-8")
    (line,) = site.lines()
    assert (line["paid_usd"], line["gap_usd"]) == (usd("53.46"), 0)
    # The least control number is kept, whatever the names of the files.
    (remit,) = site.answers()["remit_balances"]
    assert remit["source_file"] == "zz.835"


def test_a_void_closes_its_lines(site):
    site.bill("A1", 180, BILLED)
    site.remit([clp("A1", 4, 180, 0, [svc("J1324", 180, 0, ["CO*197*180"])], icn="OLD")])
    site.bill("A1", 180, BILLED, frequency="8", icn="OLD", sent_on="20260210")
    (line,) = site.lines()
    assert (line["outcome"], line["initial_outcome"]) == ("closed_unpaid", "denied")


def test_a_remit_without_its_claim_keeps_its_lines(site):
    site.remit([clp("Z9", 1, 180, "53.46", [CONTRACT_PAID])])
    (line,) = site.lines()
    assert (line["claim_id"], line["billed_basis"]) == ("Z9", "remit_only")
    assert (line["billed_units"], line["gap_usd"]) == (90, 0)


def test_claim_level_reductions_reach_the_lines_to_the_cent(site):
    site.bill("A1", 300, [sv1("J1324", 180, 90), sv1("96372", 120, 1)])
    lines = [svc("J1324", 180, "66.83", ["CO*45*113.17"]), svc("96372", 120, 40, ["CO*45*80"])]
    site.remit([clp("A1", 1, 300, "96.83", lines, cas=["PR*1*10"])])
    rows = site.lines("claim_line_outcomes")
    assert [row["deductible_usd"] for row in rows] == [usd("6.26"), usd("3.74")]
    assert [row["paid_usd"] for row in rows] == [usd("60.57"), usd("36.26")]
    assert [row["allowed_usd"] for row in rows] == [usd("66.83"), usd("40.00")]


def test_a_claim_paid_without_service_lines_is_spread_by_charge(site):
    site.bill("A1", 300, [sv1("J1324", 180, 90), sv1("96372", 120, 1)])
    site.remit([clp("A1", 1, 300, "106.83", cas=["CO*45*193.17"])])
    rows = site.lines("claim_line_outcomes")
    assert [row["paid_usd"] for row in rows] == [usd("64.10"), usd("42.73")]
    assert {row["match_method"] for row in rows} == {"claim_level"}


@pytest.mark.parametrize(
    ("paid", "cut", "gap", "match_basis", "offset", "basis"),
    [
        ("106.83", "CO*45*193.17", "2.73", "claim", "2.73", "compared"),
        ("106.81", "CO*45*193.19", "2.74", "claim", "2.74", "compared"),
        ("106.80", "CO*45*193.20", None, None, "0", "not compared: paid as a whole claim"),
        ("106.83", "CO*197*193.17", None, None, "0", "not compared: paid as a whole claim"),
    ],
    ids=["even", "a cent a line short", "more", "partly denied"],
)
def test_a_claim_paid_without_service_lines_matches_whole_or_has_no_gap(
    site, paid, cut, gap, match_basis, offset, basis
):
    site.bill("A1", 300, [sv1("J1324", 180, 90), sv1("96372", 120, 1)])
    site.remit([clp("A1", 1, 300, paid, cas=[cut])])
    (line,) = site.lines()
    assert (line["match_basis"], line["gap_basis"]) == (match_basis, basis)
    assert line["gap_usd"] == (None if gap is None else usd(gap))
    assert line["pair_offset_usd"] == usd(offset)
    sides = ("shortfall_usd", "overpaid_usd", "payer_owed_usd", "ask_usd", "denied_expected_usd")
    assert [line[column] for column in sides] == [0] * len(sides)


def test_one_unpriced_line_leaves_a_claim_paid_whole_without_a_gap(site):
    site.bill("A1", 300, [sv1("J1324", 180, 90), sv1("99999", 120, 1)])
    site.remit([clp("A1", 1, 300, "111.38", cas=["CO*45*188.62"])])
    (line,) = site.lines()
    assert line["allowed_usd"] == line["expected_allowed_usd"] == usd("66.83")
    assert (line["gap_usd"], line["match_basis"]) == (None, None)
    assert line["gap_basis"] == "not compared: paid as a whole claim"


def test_a_claim_paid_whole_whose_every_line_is_right_compares_line_by_line(site):
    site.bill("A1", 360, [sv1("J1324", 180, 90), sv1("J1324:76", 180, 90)])
    site.remit([clp("A1", 1, 360, "133.66", cas=["CO*45*226.34"])])
    assert [line["match_basis"] for line in site.lines()] == ["line", "line"]


def test_lines_of_one_drug_that_sum_to_contract_match_as_a_pair(site):
    site.bill("A1", 48300, [sv1("J9177", 45000, 410), sv1("J9177:JW", 3300, 30)])
    paid = [
        svc("J9177", 45000, "15155.92", ["CO*45*29844.08"], units=410),
        svc("J9177:JW", 3300, "1000.00", ["CO*45*2300"], units=30),
    ]
    site.remit([clp("A1", 1, 48300, "16155.92", paid)])
    lines = site.lines()
    assert [line["match_basis"] for line in lines] == ["pair", "pair"]
    assert [line["pair_offset_usd"] for line in lines] == [usd("-101.54"), usd("101.54")]
    assert [line["shortfall_usd"] + line["overpaid_usd"] for line in lines] == [0, 0]


def test_a_zero_without_a_reason_is_valued_with_denials(site):
    site.bill("A1", 180, BILLED)
    site.remit([clp("A1", 1, 180, 0, [svc("J1324", 180, 0, ["CO*45*180"], units=90)])])
    (line,) = site.lines()
    assert (line["outcome"], line["denial_class"]) == ("zero_no_reason", "unmapped")
    assert (line["denied_expected_usd"], line["final_reason"]) == (usd("66.83"), None)


def test_figures_are_cut_at_the_as_of_date(site):
    site.bill("A1", 180, BILLED)
    site.remit([clp("A1", 1, 180, "53.46", [CONTRACT_PAID])])
    (line,) = site.answers(date(2026, 1, 31))["drug_line_outcomes"]
    assert (line["outcome"], line["paid_usd"]) == ("open", 0)
    assert site.answers(date(2026, 1, 5))["drug_line_outcomes"] == []


def test_a_retroactive_rate_counts_from_the_day_it_was_recorded(site):
    rows = site.terms.splitlines()
    site.terms = "\n".join([*rows, "X,acme,J1324,fixed,0.7800,,2026-01-01,2026-06-15", ""])
    site.bill("A1", 180, [sv1("J1324", 180, 90, day="20260210")], sent_on="20260211")
    site.remit([clp("A1", 1, 180, "53.46", [CONTRACT_PAID], day="20260210")], paid_on="20260301")
    (before,) = site.answers(date(2026, 3, 31))["drug_line_outcomes"]
    (after,) = site.answers(date(2026, 6, 30))["drug_line_outcomes"]
    assert (before["gap_usd"], after["gap_usd"]) == (0, usd("3.37"))


def without_sources(tables):
    """Return the rows of each table in no order, less where each came from."""
    elsewhere = ("source_file", "source_offset", "transaction_number")
    return {
        name: sorted(
            str({key: cell for key, cell in row.items() if key not in elsewhere}) for row in rows
        )
        for name, rows in tables.items()
    }


def test_names_grouping_and_delimiters_of_files_change_nothing(site):
    site.bill("A1", 180, BILLED)
    site.remit([clp("A1", 1, 180, "51.48", [OLD_RATE_PAID], icn="OLD")])
    back = svc("J1324", -180, "-51.48", ["CO*45*-115.65", "PR*2*-12.87"], units=90)
    again = clp("A1", 1, 180, "53.46", [CONTRACT_PAID], icn="NEW")
    site.remit([clp("A1", 22, -180, "-51.48", [back], icn="OLD"), again], paid_on="20260301")
    before = without_sources(site.answers())
    files = sorted((site.folder / "raw").iterdir(), reverse=True)
    text = "".join(path.read_text(encoding="utf-8") for path in files)
    for path in files:
        path.unlink()
    respelled = text.replace("~\n", "\x1c").replace(":", "\x1f").replace("*", "\x1d")
    (site.folder / "raw" / "all.gz").write_bytes(gzip.compress(respelled.encode()))
    assert without_sources(site.answers()) == before


def test_medicare_coinsurance_and_sequestration_are_no_shortfall(site):
    site.terms += "M,cms,J9177,pct_of_limit,100,,2025-01-01,2024-12-01\n"
    header, *rows = site.terms.splitlines()
    site.terms = "\n".join([header + ",sequestration", *(row + ",yes" for row in rows), ""])
    site.bill("A1", 45000, [sv1("J9177", 45000, 410, day="20251105")], payer="CMS1")
    cuts = ["CO*45*29935.37", "PR*2*2922.69", "CO*253*242.84"]
    paid = svc("J9177", 45000, "11899.10", cuts, units=410)
    site.remit([clp("A1", 1, 45000, "11899.10", [paid], day="20251105")], payer="CMS1")
    (line,) = site.lines()
    assert (line["gap_usd"], line["unsupported_cut_usd"]) == (0, 0)
    assert (line["sequestration_usd"], line["coinsurance_usd"]) == (usd("242.84"), usd("2922.69"))


def test_a_cut_the_contract_does_not_grant_is_asked_for(site):
    site.bill("A1", 180, BILLED)
    cuts = ["CO*45*113.17", "PR*2*13.37", "CO*253*1.07"]
    site.remit([clp("A1", 1, 180, "52.39", [svc("J1324", 180, "52.39", cuts, units=90)])])
    (line,) = site.lines()
    assert (line["gap_usd"], line["shortfall_usd"]) == (0, 0)
    assert line["unsupported_cut_usd"] == line["ask_usd"] == usd("1.07")


def test_a_shortfall_within_the_deductible_is_the_patients(site):
    site.bill("A1", 180, BILLED)
    site.remit([clp("A1", 1, 180, 0, [svc("J1324", 180, 0, ["CO*45*120", "PR*1*60"])])])
    (line,) = site.lines()
    assert (line["outcome"], line["shortfall_usd"]) == ("paid", usd("6.83"))
    assert (line["patient_owed_usd"], line["payer_owed_usd"]) == (usd("6.83"), 0)


def test_an_ask_ends_with_the_look_back_of_the_payer(site):
    site.bill("A1", 180, BILLED)
    site.remit([clp("A1", 1, 180, "51.48", [OLD_RATE_PAID])])
    (line,) = site.answers(date(2027, 2, 1))["drug_line_outcomes"]
    assert (line["past_window_usd"], line["ask_usd"]) == (0, usd("1.98"))
    (line,) = site.answers(date(2027, 2, 2))["drug_line_outcomes"]
    assert (line["past_window_usd"], line["ask_usd"]) == (usd("1.98"), 0)


def test_two_terms_of_equal_rank_leave_a_line_unpriced(site):
    site.terms += "Z,acme,J1324,fixed,0.7000,,2025-01-01,2024-12-01\n"
    site.bill("A1", 180, BILLED)
    (line,) = site.lines()
    assert line["pricing_basis"].startswith("not priced: two terms (")
    assert line["expected_allowed_usd"] is None


def test_a_capitated_line_is_neither_denied_nor_owed(site):
    site.terms = site.terms.replace("J1324,fixed", "J1324,capitated")
    site.bill("A1", 180, BILLED)
    site.remit([clp("A1", 4, 180, 0, [svc("J1324", 180, 0, ["CO*24*180"])])])
    (line,) = site.lines()
    assert (line["outcome"], line["expected_allowed_usd"]) == ("suppressed", None)
    assert line["denied_expected_usd"] == 0


def test_waste_a_policy_does_not_pay_is_no_leakage(site):
    site.reference["payer_policies"] = SHIPPED["payer_policies"].replace("yes,yes,", "yes,no,", 1)
    site.bill("A1", 48300, [sv1("J9177", 45000, 410), sv1("J9177:JW", 3300, 30)])
    (row,) = site.answers()["waste_ledger"]
    assert (row["finding"], row["leakage_usd"]) == ("not_paid_by_policy", 0)
    assert row["structural_usd"] == usd("1101.54")
    (waste,) = site.lines(is_waste_line=True)
    assert waste["expected_allowed_usd"] == 0


def test_waste_without_a_policy_stands_outside_leakage(site):
    site.reference["payer_policies"] = SHIPPED["payer_policies"].splitlines()[0] + "\n"
    site.bill("A1", 45000, [sv1("J9177", 45000, 410)])
    (row,) = site.answers()["waste_ledger"]
    assert (row["finding"], row["leakage_usd"]) == ("policy_unknown", 0)
    assert row["policy_unknown_usd"] == usd("1101.54")


@pytest.mark.parametrize(("dose", "waste"), [(350, 10), (357, 3), (410, 30), (500, 20), (360, 0)])
def test_least_waste_vials_leave_what_they_leave(site, dose, waste):
    site.bill("A1", 45000, [sv1("J9177:JZ", 45000, dose)])
    (row,) = site.answers()["waste_ledger"]
    assert row["expected_waste_units"] == row["missed_units"] == waste


def test_a_duplicate_beside_a_payment_changes_nothing_and_alone_is_a_denial(site):
    site.bill("A1", 180, BILLED)
    duplicate = svc("J1324", 180, 0, ["OA*18*180"], units=90)
    site.remit([clp("A1", 4, 180, 0, [duplicate], icn="D")])
    (line,) = site.lines()
    assert (line["outcome"], line["denial_class"], line["liability"]) == (
        "denied",
        "duplicate",
        "other",
    )
    site.remit([clp("A1", 1, 180, "53.46", [CONTRACT_PAID], icn="P")])
    (line,) = site.lines()
    assert (line["outcome"], line["gap_usd"]) == ("paid", 0)


def test_a_reversal_of_nothing_known_is_in_no_outcome(site):
    site.bill("A1", 180, BILLED)
    back = svc("J1324", -180, "-51.48", ["CO*45*-115.65", "PR*2*-12.87"], units=90)
    site.remit([clp("A1", 22, -180, "-51.48", [back], icn="GONE")])
    (line,) = site.lines()
    assert (line["outcome"], line["paid_usd"]) == ("open", 0)


def test_a_line_the_payer_added_stands_on_its_own(site):
    site.bill("A1", 180, BILLED)
    added = svc("J9271", 500, 500, units=8, day="20260110")
    site.remit([clp("A1", 1, 680, "553.46", [CONTRACT_PAID, added])])
    billed, other = site.lines()
    assert (billed["paid_usd"], billed["line_number"]) == (usd("53.46"), 1)
    assert (other["billed_basis"], other["match_method"]) == ("remit_only", "unmatched")
    assert other["pricing_basis"] == "not priced: no term"


def test_a_line_whose_remit_contradicts_itself_carries_no_gap(site):
    site.bill("A1", 180, BILLED)
    site.remit([clp("A1", 1, 180, "51.48", [svc("J1324", 180, "51.48", ["CO*45*113.17"])])])
    (line,) = site.lines()
    assert line["gap_basis"] == "not compared: remit line does not balance"
    assert (line["gap_usd"], line["shortfall_usd"]) == (None, 0)
    (balance,) = site.answers()["remit_balances"]
    assert (balance["line_difference_usd"], balance["balanced"]) == (usd("15.35"), False)


PEND_AND_FORWARD = """\
CARC,133,*,,,340,pend,no,informational,disposition pending
CARC,257,*,,,340,pend,no,informational,undecided in the grace period
CARC,B11,*,,,360,forward,no,informational,sent on to another payer
CARC,193,*,,,320,appeal_outcome,no,informational,original decision upheld
"""


@pytest.fixture
def pending_site(site):
    """Return a site that knows the pended, forwarded and upheld answers."""
    site.reference["denial_reasons"] = SHIPPED["denial_reasons"] + PEND_AND_FORWARD
    return site


def test_a_dropped_line_keeps_the_facts_of_its_own_submission(site):
    site.bill("A1", 330, [*BILLED, sv1("96372", 150, 1)])
    site.bill("A1", 180, BILLED, frequency="7", sent_on="20260210")
    live, dropped = site.lines("claim_line_outcomes")
    assert (live["submitted_date"], live["outcome"]) == (date(2026, 2, 10), "open")
    assert (dropped["submitted_date"], dropped["outcome"]) == (date(2026, 1, 6), "closed_unpaid")


def test_a_line_without_a_date_has_the_claims(site):
    site.bill("A1", 330, [*BILLED, sv1("96372", 150, 1, day="")])
    _, undated = site.lines("claim_line_outcomes")
    assert undated["service_date"] == undated["service_through_date"] == date(2026, 1, 5)


def test_an_undated_remit_goes_to_the_claim_its_payer_was_sent(site):
    site.bill("A1", 180, BILLED)
    site.bill("A1", 180, [sv1("J1324", 180, 90, day="20260110")], payer="BEST1")
    site.remit(
        [clp("A1", 1, 170, 50, [svc("J1324", 170, 50, ["CO*45*120"])], day="")], payer="BEST1"
    )
    answered = {(line["claim_id"], line["payer_id"]): line["paid_usd"] for line in site.lines()}
    assert answered == {("A1-20260105", "acme"): 0, ("A1-20260110", "best"): 50}


def test_a_remit_alone_without_service_lines_is_one_line_without_a_code(site):
    site.remit([clp("Z9", 1, 180, "53.46", icn="N1*11", cas=["CO*45*126.54"])])
    (line,) = site.lines("claim_line_outcomes")
    assert (line["hcpcs"], line["billed_units"], line["charge_usd"]) == (None, None, 180)
    assert (line["paid_usd"], line["outcome"]) == (usd("53.46"), "paid")
    assert (line["billed_basis"], line["match_method"]) == ("remit_only", "claim_level")
    assert (line["place_of_service"], line["billing_id"]) == ("11", NPI)


@pytest.mark.parametrize(
    ("paid_on", "paid"), [("20260210", "0.00"), ("20260211", "53.46")], ids=["by then", "after"]
)
def test_a_replacement_ends_what_was_paid_by_the_day_it_was_sent(site, paid_on, paid):
    site.bill("A1", 180, BILLED)
    site.bill("A1", 180, BILLED, frequency="7", icn="OLD", sent_on="20260210")
    site.remit([clp("A1", 1, 180, "53.46", [CONTRACT_PAID], icn="OLD")], paid_on=paid_on)
    (line,) = site.lines()
    assert line["paid_usd"] == usd(paid)


@pytest.mark.parametrize("code", ["133", "257", "B11"])
def test_a_line_pended_or_forwarded_is_open_beside_a_paid_one(pending_site, code):
    pending_site.bill("A1", 330, [*BILLED, sv1("96372", 150, 1)])
    pended = svc("J1324", 180, 0, [f"CO*{code}*180"], units=90)
    lines = [pended, svc("96372", 150, 40, ["CO*45*110"], units=1)]
    pending_site.remit([clp("A1", 1, 330, 40, lines)])
    outcomes = [line["outcome"] for line in pending_site.lines("claim_line_outcomes")]
    assert outcomes == ["open", "paid"]


def test_a_payer_nothing_was_sent_to_has_the_lines_but_not_the_filing_code_sent(site):
    site.bill("A1", 180, BILLED)
    site.remit([clp("A1", 23, 180, 0, [svc("J1324", 180, 0, ["OA*45*180"])])], payer="CMS1")
    (line,) = site.lines(payer_id="cms")
    assert (line["billed_basis"], line["billed_units"], line["outcome"]) == ("claim", 90, "open")
    assert (line["submitted_date"], line["line_of_business"]) == (date(2026, 1, 6), "medicare_ffs")
    (own,) = site.lines(payer_id="acme")
    assert own["line_of_business"] == "commercial"


def test_a_split_line_answers_the_first_line_of_its_original_code_taken_or_not(site):
    site.bill("A1", 350, [*BILLED, sv1("J1324", 170, 85)])
    split = svc("J9177", 50, 10, ["CO*45*40"], original="HC:J1324")
    site.remit([clp("A1", 1, 230, "63.46", [CONTRACT_PAID, split])])
    first, second = site.lines()
    assert (first["paid_usd"], first["match_method"]) == (usd("63.46"), "original_code")
    assert (second["outcome"], second["match_method"]) == ("open", None)


def test_a_remit_line_without_any_date_has_the_claims_first(site):
    site.bill("A1", 360, [sv1("J1324", 180, 90, day="20260106"), *BILLED])
    site.remit([clp("A1", 1, 180, "53.46", [CONTRACT_PAID], day="")])
    later, first = site.lines()
    assert (later["outcome"], first["outcome"]) == ("open", "paid")
    assert first["match_method"] == "code_modifiers_date_charge"


def test_two_absent_codes_are_not_the_same_code(site):
    site.bill("A1", 180, [sv1("", 180, 1)])
    site.remit([clp("A1", 1, 180, 50, [svc("", 180, 50, ["CO*45*130"])])])
    (line,) = site.lines("claim_line_outcomes")
    assert (line["match_method"], line["paid_usd"]) == ("position", 50)


def test_only_a_live_event_adds_a_line(site):
    site.bill("A1", 180, BILLED)
    added = svc("J9271", 500, 500, units=8)
    site.remit([clp("A1", 1, 680, "553.46", [CONTRACT_PAID, added], icn="OLD")])
    assert len(site.lines()) == 2
    back = clp("A1", 22, -680, "-553.46", icn="OLD", cas=["CO*45*-126.54"])
    again = clp("A1", 1, 180, "53.46", [CONTRACT_PAID], icn="NEW")
    site.remit([back, again], paid_on="20260301", total="-500.00")
    assert len(site.lines()) == 1
    cheaper = svc("J9271", 500, 400, ["CO*45*100"], units=8)
    later = clp("A1", 1, 680, "453.46", [CONTRACT_PAID, cheaper], icn="MORE")
    site.remit([later], paid_on="20260401")
    (line,) = site.lines(hcpcs="J9271")
    assert (line["paid_usd"], line["initial_paid_usd"]) == (400, 500)


def test_a_part_of_nothing_is_not_put_on_a_line(site):
    site.bill("A1", 330, [*BILLED, sv1("96372", 150, 1)])
    lines = [svc("J1324", 180, "66.83", ["CO*45*113.17"]), svc("96372", 150, 40, ["CO*45*110"])]
    site.remit([clp("A1", 1, 330, "106.82", lines, cas=["CO*197*0.01"])])
    rows = site.lines("claim_line_outcomes")
    assert [row["outcome"] for row in rows] == ["partly_denied", "paid"]
    assert [row["final_reason"] for row in rows] == ["CO-197", None]


def test_a_claim_level_reduction_explains_what_paid_lines_leave_open(site):
    site.bill("A1", 330, [*BILLED, sv1("96372", 150, 1)])
    lines = [svc("J1324", 180, "53.46", ["CO*45*113.17"]), svc("96372", 150, 40, ["CO*45*110"])]
    site.remit([clp("A1", 1, 330, "93.46", lines, cas=["PR*2*13.37"])])
    rows = site.lines("claim_line_outcomes")
    assert [row["paid_usd"] for row in rows] == [usd("53.46"), usd("40.00")]
    assert [row["coinsurance_usd"] for row in rows] == [usd("13.37"), 0]
    (line,) = site.lines()
    assert (line["gap_usd"], line["match_basis"]) == (0, "line")


def test_a_claim_level_reduction_nothing_is_left_open_for_leaves_no_gap(site):
    site.bill("A1", 180, BILLED)
    site.remit([clp("A1", 1, 180, "53.46", [CONTRACT_PAID], cas=["CO*45*10"])])
    (line,) = site.lines()
    assert line["gap_basis"] == "not compared: remit line does not balance"
    assert line["paid_usd"] == usd("53.46")


@pytest.mark.parametrize("code", ["18", "133"], ids=["like", "silent"])
def test_a_duplicate_beside_another_answer_is_a_duplicate(pending_site, code):
    pending_site.bill("A1", 180, BILLED)
    for icn, reason in (("A", code), ("B", "18")):
        answer = svc("J1324", 180, 0, [f"OA*{reason}*180"], units=90)
        pending_site.remit([clp("A1", 4, 180, 0, [answer], icn=icn)])
    (line,) = pending_site.lines()
    assert (line["outcome"], line["initial_outcome"]) == ("duplicate", "denied")


@pytest.mark.parametrize(
    ("code", "outcome"), [("197", "denied"), ("97", "bundled"), ("18", "denied")]
)
def test_an_upheld_decision_keeps_the_reason_it_upholds(pending_site, code, outcome):
    pending_site.bill("A1", 180, BILLED)
    denied = svc("J1324", 180, 0, [f"CO*{code}*180"], units=90)
    pending_site.remit([clp("A1", 4, 180, 0, [denied], icn="A")])
    upheld = svc("J1324", 180, 0, ["OA*23*1**193*179"], units=90)
    pending_site.remit([clp("A1", 4, 180, 0, [upheld], icn="B")], paid_on="20260401")
    (line,) = pending_site.lines()
    assert (line["outcome"], line["final_reason"]) == (outcome, f"CO-{code}")


def test_a_line_without_an_answer_has_no_initial_amounts(site):
    site.bill("A1", 180, BILLED)
    (line,) = site.lines()
    initial = ("initial_outcome", "initial_allowed_usd", "initial_paid_usd")
    assert [line[column] for column in (*initial, "initial_denial_class")] == [None] * 4


def test_the_sites_meaning_of_a_code_comes_before_a_later_shipped_one(site):
    header = SHIPPED["drug_codes"].splitlines()[0]
    site.keep("drug_codes", f"{header}\nJ9177,other drug,Inj other,0.25,no,no,2019-01-01,\n")
    site.bill("A1", 45000, [sv1("J9177", 45000, 410), sv1("J1324", 180, 90)])
    billed, house = site.lines()
    assert billed["drug"] == "other drug"
    (identity,) = site.answers()["code_identity"]
    assert (house["identity_basis"], identity["cms_hcpcs"]) == ("house_code", None)


@pytest.mark.parametrize(
    ("vintage", "shortfall"), [("first", "0.00"), ("", "0.00"), ("latest", "105.37")]
)
def test_a_restated_limit_is_owed_only_under_the_latest_vintage(site, vintage, shortfall):
    restated = "2026Q1,J9177,2026-04-01,file name,36.975,19.550\n"
    site.reference["payment_limits"] = SHIPPED["payment_limits"] + restated
    header, *rows = site.terms.splitlines()
    rows = [f"{row},{vintage}" for row in rows]
    site.terms = "\n".join([f"{header},price_vintage", *rows, ""])
    site.bill("A1", 45000, [sv1("J9177", 45000, 410)])
    paid = svc("J9177", 45000, "15054.38", ["CO*45*29945.62"], units=410)
    site.remit([clp("A1", 1, 45000, "15054.38", [paid])])
    (line,) = site.lines()
    assert line["shortfall_usd"] == usd(shortfall)


def test_of_several_reasons_for_no_price_the_first_is_given(site):
    site.terms += "X,acme,J9271,pct_of_limit,100,,2025-01-01,2024-12-01\n"
    site.bill("A1", 180, [sv1("J9271", 180, "")])
    (line,) = site.lines()
    assert line["pricing_basis"] == "not priced: no CMS payment limit"


def test_waste_the_policy_does_not_pay_is_worth_nothing_without_a_term_too(site):
    site.reference["payer_policies"] = SHIPPED["payer_policies"].replace("yes,yes,", "yes,no,", 1)
    site.bill("A1", 180, [sv1("J9271:JW", 180, 5), sv1("J9271", 180, 5)])
    waste, dose = site.lines()
    assert (waste["expected_allowed_usd"], dose["pricing_basis"]) == (0, "not priced: no term")


@pytest.mark.parametrize("reason", ["45", "97"], ids=["zero_no_reason", "bundled"])
def test_waste_paid_in_the_administered_line_is_paid_as_one(site, reason):
    site.bill("A1", 48300, [sv1("J9177", 45000, 410), sv1("J9177:JW", 3300, 30)])
    paid = [
        svc("J9177", 45000, "16155.92", ["CO*45*28844.08"], units=410),
        svc("J9177:JW", 3300, 0, [f"CO*{reason}*3300"], units=30),
    ]
    site.remit([clp("A1", 1, 48300, "16155.92", paid)])
    for line in site.lines():
        assert (line["outcome"], line["initial_outcome"]) == ("paid", "paid")
        assert (line["match_basis"], line["denial_class"]) == ("pair", None)
        assert (line["shortfall_usd"], line["denied_expected_usd"]) == (0, 0)


def test_a_zero_line_beside_a_line_paid_its_own_rate_stays_without_a_reason(site):
    site.bill("A1", 48300, [sv1("J9177", 45000, 410), sv1("J9177:JW", 3300, 30)])
    paid = [
        svc("J9177", 45000, "15054.38", ["CO*45*29945.62"], units=410),
        svc("J9177:JW", 3300, 0, ["CO*45*3300"], units=30),
    ]
    site.remit([clp("A1", 1, 48300, "15054.38", paid)])
    assert [line["outcome"] for line in site.lines()] == ["paid", "zero_no_reason"]
    assert [line["match_basis"] for line in site.lines()] == ["line", None]


def test_a_line_without_units_is_left_out_of_the_ledger(site):
    site.bill("A1", 45000, [sv1("J9177", 45000, "")])
    assert site.answers()["waste_ledger"] == []


def test_a_multi_dose_vial_leaves_no_billable_waste(site):
    many = "51144009901"
    row = f"{many},enfortumab vedotin-ejfv,J9177,100,100,1,UN,no\n"
    site.reference["drug_packages"] = SHIPPED["drug_packages"] + row
    site.bill("A1", 45000, [sv1("J9177", 45000, 410, ndc=many, vials=2)])
    (row,) = site.answers()["waste_ledger"]
    assert (row["finding"], row["leakage_usd"]) == ("not_billable", 0)
    assert (row["expected_waste_units"], row["missed_units"]) == (None, None)


def test_the_sites_policy_comes_before_a_later_shipped_one(site):
    own = SHIPPED["payer_policies"].replace("yes,yes,", "yes,no,", 1)
    site.keep("payer_policies", own.replace("2025-01-01", "2024-01-01"))
    site.bill("A1", 45000, [sv1("J9177", 45000, 410)])
    (row,) = site.answers()["waste_ledger"]
    assert row["finding"] == "not_paid_by_policy"


def test_a_remit_the_practice_pays_has_a_negative_payment(site):
    back = clp("A1", 22, -180, "-51.48", [svc("J1324", -180, "-51.48", ["CO*45*-128.52"])])
    site.remit([back], total="51.48", direction="D")
    site.remit([back], total="51.48", paid_on="20260301")
    taken, wrong = site.answers()["remit_balances"]
    assert (taken["transaction_difference_usd"], taken["balanced"]) == (0, True)
    assert (wrong["transaction_difference_usd"], wrong["balanced"]) == (usd("102.96"), False)


def test_a_provider_adjustment_that_names_two_claims_is_linked_to_none(site):
    for day in ("20260105", "20260112"):
        site.bill("A1", 180, [sv1("J1324", 180, 90, day=day)], sent_on="20260113")
        site.remit([clp("A1", 1, 180, "53.46", [CONTRACT_PAID], day=day, icn=f"N{day}")])
    plb = [f"PLB*{NPI}*20261231*WO:A1*40.00*WO:N20260112*5.00"]
    site.remit([], plb=plb, paid_on="20260301", total="-45.00")
    linked = [row["linked_claim_id"] for row in site.answers()["provider_adjustments"]]
    assert linked == [None, "A1-20260112"]
    assert site.answers(date(2026, 2, 28))["provider_adjustments"] == []
