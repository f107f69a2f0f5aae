"""A site of X12 text and reference rows as a test writes them: claims sent, remits received."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from plain_python import answers

PADCEV_20 = "51144002001"
PADCEV_30 = "51144003001"
INSTITUTIONAL = "005010X223A2"
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


def clp(
    number,
    status,
    charge,
    paid,
    lines=(),
    *,
    icn="",
    day="20260105",
    cas=(),
    extra=(),
    filing="12",
):
    """Return the segments of one remit claim."""
    segments = [f"CLP*{number}*{status}*{charge}*{paid}**{filing}*{icn}"]
    segments += [f"CAS*{each}" for each in cas]
    segments += ["NM1*QC*1******MI*M1", *extra]
    segments += [f"DTM*232*{day}"] if day else []
    return segments + [segment for line in lines for segment in line]


def sv1(code, charge, units, *, ndc="", vials="", day="20260105"):
    """Return the segments of one billed line; vials is the NDC quantity."""
    segments = [f"SV1*HC:{code}*{charge}*UN*{units}***1", f"DTP*472*D8*{day}"]
    return [*segments, *([f"LIN**N4*{ndc}", f"CTP****{vials}*UN"] if ndc else [])]


def sv2(code, charge, units, *, day="20260105"):
    """Return the segments of one billed line of a hospital."""
    return [f"SV2*0636*HC:{code}*{charge}*UN*{units}", f"DTP*472*D8*{day}"]


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
        filing="CI",
        version="005010X222A1",
        bill_type="13",
    ):
        """Send one claim in an 837P of its own, an 837I where the version says so."""
        body = [f"BHT*0019*00*{number}*{sent_on}*1200*CH", "HL*1**20*1"]
        body += ["NM1*85*2*CLINIC*****XX*" + NPI, "HL*2*1*22*0", f"SBR*{rank}*18*******{filing}"]
        body += [f"NM1*IL*1*A*B****MI*{member}", f"NM1*PR*2*PAYER*****PI*{payer}"]
        place = bill_type if version == INSTITUTIONAL else "11"
        body += [f"CLM*{number}*{charge}***{place}:B:{frequency}*Y*A*Y*Y"]
        body += [f"REF*F8*{icn}"] if icn else []
        for place, line in enumerate(lines, start=1):
            body += [f"LX*{place}", *line]
        self._write("HC", "837", version, body, sent_on)

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


BILLED = [sv1("J1324", "180.00", 90)]
CONTRACT_PAID = svc("J1324", 180, "53.46", ["CO*45*113.17", "PR*2*13.37"], units=90)
OLD_RATE_PAID = svc("J1324", 180, "51.48", ["CO*45*115.65", "PR*2*12.87"], units=90)


def usd(text):
    """Return dollars."""
    return Decimal(text)
