"""What each adjustment does to the money, and whether it denies."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from .reference import Reference, Row
from .remits import Adjustment

READ_THROUGH_REMARK = ("16", "96", "A1", "226", "252")
SAYS_NOTHING = ("informational", "rejection_no_appeal", "appeal_outcome")
LIABILITY = {"PR": "patient", "CO": "provider", "PI": "provider"}
SILENT = ("pend", "forward")
CAPITATION = "24"


@dataclass(frozen=True)
class Reason:
    """An adjustment with its effect and class for one payer."""

    adjustment: Adjustment
    effect: str
    own_class: str
    denial_class: str
    counts: str
    precedence: int
    remark: str | None
    meaning: str | None

    @property
    def amount(self) -> Decimal:
        return self.adjustment.amount

    @property
    def code(self) -> str:
        return self.adjustment.reason_code

    @property
    def is_contractual(self) -> bool:
        return self.own_class == "contractual"

    @property
    def denies(self) -> bool:
        """Return whether it counts as a denial, or apart as one (RULES 6.6)."""
        return self.effect == "reduces_allowed" and self.counts in ("yes", "apart")

    @property
    def is_balance_bill(self) -> bool:
        """Return whether it is PR-45: the contract's reduction put on the patient (RULES 6.1)."""
        is_pr_45 = self.adjustment.group_code == "PR" and self.code == "45"
        return is_pr_45 and self.effect == "reduces_allowed"

    @property
    def is_paid_to_patient(self) -> bool:
        """Return whether it is PR-100 or OA-100 (RULES 6.3)."""
        return self.code == "100" and self.adjustment.group_code in ("PR", "OA")

    @property
    def final_reason(self) -> str:
        """Return GROUP-CARC, with the remark that was read behind a blank (RULES 6.7)."""
        text = f"{self.adjustment.group_code}-{self.code}"
        return f"{text} {self.remark}" if self.remark else text


class ReasonBook:
    """The rows of denial_reasons.csv, asked by payer, group and code."""

    def __init__(self, reference: Reference) -> None:
        self._carc: dict[str, list[Row]] = {}
        self._rarc: dict[str, list[Row]] = {}
        for row in reference.rows["denial_reasons"]:
            if row["code_set"].upper() == "RARC":
                self._rarc.setdefault(row["code"], []).append(row)
            elif row.get("rarc", "") in ("", "*"):
                self._carc.setdefault(row["code"], []).append(row)

    def reason(self, adjustment: Adjustment, remarks: list[str], payer_id: str) -> Reason:
        """Return what an adjustment does on a line with these remarks (RULES 6.1, 6.2)."""
        row = self._carc_row(adjustment, payer_id)
        if row is None:
            return _unknown(adjustment)
        own_class = row["denial_class"]
        counts = row.get("counts_as_denial") or "no"
        if adjustment.reason_code == CAPITATION and row["row_source"] != "site":
            # Without a capitated term 24 says that another plan covers the patient (RULES 6.1).
            own_class, counts = "coordination_of_benefits", "yes"
        remark = self._remark_row(adjustment.reason_code, remarks, payer_id)
        return Reason(
            adjustment=adjustment,
            effect=_effect(row.get("effect") or "", adjustment.group_code, counts),
            own_class=own_class,
            denial_class=remark["denial_class"] if remark else own_class,
            counts=counts,
            precedence=int(row.get("precedence") or 999_999),
            remark=remark["code"] if remark else None,
            meaning=(remark or row).get("meaning") or None,
        )

    def is_silent(self, adjustment: Adjustment, payer_id: str) -> bool:
        """Return whether it puts the answer off: pended or forwarded (RULES 4.8)."""
        row = self._carc_row(adjustment, payer_id)
        return row is not None and row["denial_class"] in SILENT

    def _carc_row(self, adjustment: Adjustment, payer_id: str) -> Row | None:
        fitting = [
            row
            for row in self._carc.get(adjustment.reason_code, [])
            if row["payer_id"] in ("*", payer_id)
            and row["group_code"] in ("*", adjustment.group_code)
        ]
        return min(
            fitting,
            key=lambda row: (row["payer_id"] == "*", row["group_code"] == "*"),
            default=None,
        )

    def _remark_row(self, carc: str, remarks: list[str], payer_id: str) -> Row | None:
        """Return the row of the first remark that says why (RULES 6.2)."""
        if carc not in READ_THROUGH_REMARK:
            return None
        for remark in remarks:
            rows = [r for r in self._rarc.get(remark, []) if r["payer_id"] in ("*", payer_id)]
            row = min(rows, key=lambda each: each["payer_id"] == "*", default=None)
            if row and row["denial_class"] not in SAYS_NOTHING:
                return row
        return None


def _effect(stated: str, group_code: str, counts: str) -> str:
    """Return the effect an adjustment has under its group (RULES 6.1)."""
    if counts == "yes":
        return "reduces_allowed"
    if stated == "patient" and group_code not in ("PR", "OA"):
        return "reduces_allowed"
    return stated or "reduces_allowed"


def _unknown(adjustment: Adjustment) -> Reason:
    """Return an unknown code's reading: the patient's under PR, else a denial (RULES 6.1)."""
    is_patient = adjustment.group_code == "PR"
    return Reason(
        adjustment=adjustment,
        effect="patient" if is_patient else "reduces_allowed",
        own_class="unmapped",
        denial_class="unmapped",
        counts="no" if is_patient else "yes",
        precedence=999_999,
        remark=None,
        meaning=None,
    )
