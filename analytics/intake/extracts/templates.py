"""Empty extracts to fill in: paper EOBs, claim lines, administrations, asks, and a `columns.toml`.

They are written beside `raw/`, never into it, so that a template is never taken for mail. A filled
one is put into `raw/` by hand.
"""

from __future__ import annotations

from pathlib import Path

from analytics.intake.extracts.columns import ADMINISTRATIONS, ASKS
from analytics.warehouse.durable import write_durably

# What a paper EOB says, in the order in which people read it.
PAPER_EOB = (
    *("payer_name", "payment_date", "trace_number", "payment_amount_usd"),
    *("provider_adjustment_usd", "claim_number", "patient_id", "payer_control_number"),
    *("status_code", "remit_line_number", "service_date", "hcpcs", "modifiers", "paid_units"),
    *("charge_usd", "allowed_reported_usd", "contractual_usd", "deductible_usd"),
    *("coinsurance_usd", "copay_usd", "sequestration_usd", "prior_payer_usd", "denied_usd"),
    *("denial_reason", "remark_codes", "interest_usd", "paid_usd"),
)
BILLED = (
    *("claim_number", "line_number", "submitted_date", "payer_name", "payer_rank"),
    *("frequency_code", "original_control_number", "claim_type", "filing_code", "billing_npi"),
    *("patient_id", "diagnoses", "place_of_service", "service_date", "hcpcs", "modifiers"),
    *("units", "charge_usd", "ndc", "ndc_quantity", "ndc_unit", "line_control_number"),
)
COLUMNS = """\
# What the columns of your own extracts are. Put this file beside them, in raw/ or a folder of it.
# What stands behind a # says nothing. analytics/intake/EXTRACTS.md lists every column.

# "Acct #" = "claim_number"            # the name in your file = the column
# ignore = ["Patient Name", "Notes"]   # columns of your file that are not to be read

[claim_lines]                          # holds for files of claim lines only
# "DOS" = "service_date"

[remit_lines]
# "Check Date" = "payment_date"

[adjustments]
# "Adj Amt" = "adjustment_usd"
"""


def templates() -> dict[str, str]:
    """The text of every template by its file name."""
    headers = {
        "paper_eob.csv": PAPER_EOB,
        "claim_lines.csv": BILLED,
        "administrations.csv": tuple(ADMINISTRATIONS.columns),
        "asks.csv": tuple(ASKS.columns),
    }
    return {
        **{name: ",".join(columns) + "\r\n" for name, columns in headers.items()},
        "columns.toml": COLUMNS,
    }


def write_templates(folder: Path) -> tuple[Path, ...]:
    """Write the templates that are not there yet; what a person has changed stays as it is.

    Takes    folder, anywhere but below raw/
    Returns  the files written
    """
    folder.mkdir(parents=True, exist_ok=True)
    missing = {
        folder / name: text for name, text in templates().items() if not (folder / name).exists()
    }
    for path, text in missing.items():
        write_durably(path, text.encode())
    return tuple(missing)
