"""Random payer answers to a claim: lines moved, split, dropped, recoded, paid, cut and denied."""

from dataclasses import replace
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from analytics.synthetic.x12_records import Adjustment, Claim, ClaimLine, RemitClaim, RemitLine
from tests.fuzz.chance import Chance
from tests.fuzz.paying import Allowed, Paying

CENT = Decimal("0.01")
STATUSES = ("1",) * 12 + ("2", "3", "4", "4", "19", "20", "21", "22", "23", "25")
DENIALS = (
    *("50", "50", "97", "197", "16", "96", "18", "B13", "B15", "A1", "252", "226", "119", "26"),
    *("24", "133", "193", "999", "ZZ9", "29", "151", "11", "204", "292", "B11", "234", "22"),
)
CUTS = ("2", "1", "3", "253", "23", "100", "187", "66", "144", "94", "104", "237", "85", "45")
PAYER_CUTS = ("253", "144", "104", "237", "94")
REMARKS = ("MA130", "N130", "M51", "N706", "N20", "MA01", "N640", "XX99", "M76", "N56", "N174")


class Answering:
    """Answers claims; `paying` guesses what the contract would allow, so that some lines match."""

    def __init__(self, chance: Chance, paying: Paying) -> None:
        self.chance = chance
        self.paying = paying

    def answer(self, payer_id: str, claim: Claim, control: str) -> RemitClaim:
        """One remit claim for a claim."""
        chance = self.chance
        lines = [self._line(payer_id, line) for line in claim.lines]
        lines = self._rearranged(lines)
        has_dates = chance.maybe(0.6)
        first = min(line.service_date for line in claim.lines)
        answer = RemitClaim(
            claim.claim_number,
            tuple(lines),
            status=chance.of(STATUSES),
            filing_code=chance.of(("", claim.filing_code, claim.filing_code, "12", "MB", "16")),
            payer_control_number=control,
            place_of_service=chance.of(("11", "11", "22", "")),
            patient=claim.patient,
            remark_codes=tuple(chance.some(REMARKS, 2)) if chance.maybe(0.2) else (),
            service_date=first if has_dates and chance.maybe(0.8) else None,
            service_through_date=first if has_dates and chance.maybe(0.4) else None,
            interest_usd=chance.of((None,) * 6 + ("1.23", "0.01", "-1.23")),
        )
        if chance.maybe(0.12):
            answer = self._at_claim_level(answer)
        if chance.maybe(0.05):
            answer = replace(answer, service_date=first + timedelta(days=chance.number(1, 40)))
        return self._totalled(answer)

    def plain_answer(self, payer_id: str, claim: Claim, control: str) -> RemitClaim:
        """One remit claim in good order: what is odd about it is what it allows."""
        lines = tuple(
            self._denied_line(line) if self.chance.maybe(0.08) else self._plain_line(payer_id, line)
            for line in claim.lines
        )
        return RemitClaim(
            claim.claim_number,
            lines,
            filing_code=claim.filing_code,
            payer_control_number=control,
            patient=claim.patient,
        )

    def _plain_line(self, payer_id: str, line: ClaimLine) -> RemitLine:
        allowed = self.paying.allowed(payer_id, line)
        contractual = Adjustment("CO", "45", Decimal(line.charge_usd) - allowed.amount)
        share = (allowed.amount * self.chance.of((Decimal(0), Decimal("0.2")))).quantize(CENT)
        cuts = [Adjustment("PR", "2", share)] if share else []
        if self.chance.maybe(0.15):
            # What is cut beyond the law's two percent is asked for, but of a payer that overpaid.
            percent = self.chance.of((Decimal("0.02"), Decimal("0.02"), Decimal("0.1")))
            cuts.append(Adjustment("CO", "253", (allowed.amount * percent).quantize(CENT)))
        answered = RemitLine(
            line.hcpcs,
            line.charge_usd,
            adjustments=(contractual, *cuts),
            paid_units=allowed.units or line.units,
            modifiers=line.modifiers,
            service_date=line.service_date,
            original_units=line.units,
            line_control_number=line.line_control_number,
        )
        if not allowed.hcpcs:
            return answered
        return replace(answered, hcpcs=allowed.hcpcs, original_hcpcs=line.hcpcs)

    def _denied_line(self, line: ClaimLine) -> RemitLine:
        """A line denied whole, beside others that may be paid."""
        denied = Adjustment("CO", self.chance.of(("50", "197", "97")), Decimal(line.charge_usd))
        return RemitLine(
            line.hcpcs,
            line.charge_usd,
            adjustments=(denied,),
            modifiers=line.modifiers,
            service_date=line.service_date,
            original_units=line.units,
            line_control_number=line.line_control_number,
        )

    def _totalled(self, answer: RemitClaim) -> RemitClaim:
        """The answer, some of its claim level explaining its lines or its totals made wrong."""
        chance = self.chance
        if answer.lines and chance.maybe(0.15):
            answer = self._with_claim_level(answer)
        if answer.paid < 0:
            # A live allowed amount below zero stops a refresh, as it should.
            answer = replace(answer, adjustments=())
        if chance.maybe(0.04):
            wrong = chance.of(("0.00", "17.00"))
            answer = replace(answer, paid_usd=wrong, charge_usd=answer.charge)
        if chance.maybe(0.04):
            answer = replace(answer, charge_usd=answer.charge + 5, paid_usd=answer.paid)
        return answer

    def _with_claim_level(self, answer: RemitClaim) -> RemitClaim:
        chance = self.chance
        if chance.maybe(0.5):
            # What the lines leave open the claim level explains.
            moved = [found for found in answer.lines[0].adjustments if chance.maybe(0.6)]
            kept = [found for found in answer.lines[0].adjustments if found not in moved]
            first = answer.lines[0]
            opened = replace(first, adjustments=tuple(kept), paid_usd=first.paid)
            paid = sum((line.paid for line in answer.lines), Decimal(0))
            return replace(
                answer,
                lines=(opened, *answer.lines[1:]),
                adjustments=tuple(moved),
                paid_usd=paid,
                charge_usd=answer.charge,
            )
        amount = chance.of(("10.00", "0.01", "33.34", "0.00", "-5.00", "0.02"))
        group, code = chance.of((("CO", "253"), ("PR", "2"), ("CO", "45"), ("OA", "23")))
        cut = Adjustment(group, code, amount, chance.of((None, None, "1")))
        return replace(answer, adjustments=(cut,))

    def _at_claim_level(self, answer: RemitClaim) -> RemitClaim:
        """The same answer without service lines."""
        charge, paid = answer.charge, answer.paid
        summed: dict[tuple[str, str], Decimal] = {}
        for found in answer.all_adjustments:
            key = (found.group, found.reason)
            summed[key] = summed.get(key, Decimal(0)) + Decimal(found.amount_usd)
        adjustments = tuple(Adjustment(*key, amount) for key, amount in summed.items())
        return replace(answer, lines=(), adjustments=adjustments, charge_usd=charge, paid_usd=paid)

    def _line(self, payer_id: str, line: ClaimLine) -> RemitLine:
        chance = self.chance
        allowed = self.paying.allowed(payer_id, line)
        answered = RemitLine(
            line.hcpcs,
            line.charge_usd,
            adjustments=self._adjustments(line, allowed.amount),
            modifiers=self._modifiers(line),
            service_date=line.service_date if chance.maybe(0.75) else None,
            line_control_number=self._line_control_number(line),
            remark_codes=tuple(chance.some(REMARKS, 3)) if chance.maybe(0.25) else (),
        )
        answered = self._coded(answered, line, allowed)
        if chance.maybe(0.2):
            reported = answered.paid + chance.of((Decimal(0), CENT, Decimal(7)))
            answered = replace(answered, allowed_reported_usd=reported)
        if chance.maybe(0.06):
            wrong = answered.paid + chance.of((CENT, Decimal(5), Decimal(-5)))
            # A live allowed amount below zero stops a refresh, as it should.
            answered = replace(answered, paid_usd=max(wrong, Decimal(0)))
        return answered

    def _coded(self, answered: RemitLine, line: ClaimLine, allowed: Allowed) -> RemitLine:
        """The answered line with the code and units the payer says it paid."""
        chance = self.chance
        units = Decimal(line.units)
        if allowed.hcpcs:
            return replace(
                answered,
                hcpcs=allowed.hcpcs,
                original_hcpcs=chance.of((line.hcpcs, line.hcpcs, line.hcpcs, "")),
                paid_units=chance.of((allowed.units, allowed.units, None)),
                original_units=chance.of((units, None)),
            )
        if allowed.units is not None:
            return replace(
                answered, paid_units=allowed.units, original_units=chance.of((units, units, None))
            )
        answered = replace(
            answered,
            paid_units=chance.of((*(units,) * 8, None, max(units - 10, Decimal(0)))),
            original_units=chance.of((*(None,) * 8, units, units + 1)),
        )
        if chance.maybe(0.03):
            code = chance.of(("J9177", "J9271", "J1324", "96413"))
            original = chance.of((line.hcpcs, line.hcpcs, ""))
            answered = replace(answered, hcpcs=code, original_hcpcs=original)
        return answered

    def _modifiers(self, line: ClaimLine) -> tuple[str, ...]:
        if self.chance.maybe(0.8):
            return line.modifiers
        return tuple(self.chance.some((*line.modifiers, "59"), 2))

    def _line_control_number(self, line: ClaimLine) -> str:
        own = line.line_control_number
        return self.chance.of((own, own, own, "", "L1", "L2", "LWRONG"))

    def _adjustments(self, line: ClaimLine, allowed: Decimal) -> tuple[Adjustment, ...]:
        chance = self.chance
        rest = Decimal(line.charge_usd) - allowed
        found: list[Adjustment] = []
        if rest < 0:
            found.append(Adjustment("CO", "45", rest))
        elif rest or chance.maybe(0.05):
            found += self._reasons_for(line, rest)
        found += self._cuts_of(line, allowed)
        if chance.maybe(0.05):
            found.append(Adjustment("CO", chance.of(DENIALS), "0.00"))
        if chance.maybe(0.05):
            found += [Adjustment("CO", "94", "-3.00"), Adjustment("CO", "45", "3.00")]
        return tuple(chance.shuffled(found) if chance.maybe(0.3) else found)

    def _reasons_for(self, line: ClaimLine, rest: Decimal) -> list[Adjustment]:
        """Adjustments that take the rest: contractual, a denial, or both."""
        chance = self.chance
        how = chance.of(("45",) * 9 + ("denied",) * 2 + ("both",) * 2)
        group = chance.of(("CO",) * 6 + ("PR", "OA", "PI", "PR"))
        quantity = chance.of((None, None, line.units, "10", "0.5"))
        if how == "45":
            return [Adjustment(group, "45", rest)]
        if how == "denied":
            return [Adjustment(group, chance.of(DENIALS), rest, quantity)]
        part = (rest / chance.number(2, 4)).quantize(CENT, ROUND_HALF_UP)
        denied = Adjustment(group, chance.of(DENIALS), part, quantity)
        other = chance.of(("45", "45", chance.of(DENIALS)))
        return [Adjustment("CO", other, rest - part), denied]

    def _cuts_of(self, line: ClaimLine, allowed: Decimal) -> list[Adjustment]:
        """What of the allowed the payer does not pay itself."""
        chance = self.chance
        if not allowed or chance.maybe(0.35):
            return []
        share = Decimal(chance.of(("0.2", "0.2", "0.2", "0.1955", "0.02", "1", "0.5")))
        amount = (allowed * share).quantize(CENT, ROUND_HALF_UP)
        code = chance.of(("2", "2", "2", *CUTS))
        group = "CO" if code in PAYER_CUTS else chance.of(("PR", "PR", "OA"))
        found = [Adjustment(group, code, amount)]
        if chance.maybe(0.25):
            two_percent = (allowed * Decimal("0.02")).quantize(CENT, ROUND_HALF_UP)
            found.append(Adjustment("CO", "253", two_percent))
        return found

    def _rearranged(self, lines: list[RemitLine]) -> list[RemitLine]:
        chance = self.chance
        if chance.maybe(0.12):
            lines = lines[1:]
        if lines and chance.maybe(0.12):
            lines = [*_split(lines[0]), *lines[1:]]
        if lines and chance.maybe(0.1):
            extra = replace(lines[0], hcpcs=chance.of(("J3490", "96413", lines[0].hcpcs)))
            lines = [*lines, replace(extra, line_control_number="", original_hcpcs="")]
        return chance.shuffled(lines) if chance.maybe(0.2) else lines


def _split(line: RemitLine) -> list[RemitLine]:
    """The line in two parts that add up to it."""
    half = (Decimal(line.charge_usd) / 2).quantize(CENT, ROUND_HALF_UP)
    first = tuple(
        replace(found, amount_usd=(Decimal(found.amount_usd) / 2).quantize(CENT, ROUND_HALF_UP))
        for found in line.adjustments
    )
    rest = tuple(
        replace(one, amount_usd=Decimal(one.amount_usd) - Decimal(other.amount_usd))
        for one, other in zip(line.adjustments, first, strict=True)
    )
    return [
        replace(line, charge_usd=half, adjustments=first, paid_usd=None),
        replace(line, charge_usd=Decimal(line.charge_usd) - half, adjustments=rest, paid_usd=None),
    ]
