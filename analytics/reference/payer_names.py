"""Every id and name under which payers stand in the files, with the lines and charges behind each.

Read from the tables of a build: only transactions that count, so that a file sent twice counts once
and a test file not at all.
"""

from collections.abc import Callable

import polars as pl

from analytics.reference.payers_put_together import NameSeen

Tables = Callable[[str], pl.LazyFrame]
NAMES_READ = (
    "stg_837__claims",
    "stg_837__claim_lines",
    "stg_835__remits",
    "stg_835__remit_claims",
    "stg_835__remit_lines",
    "int_transactions_counted_once",
    "int_payers_recognised",
)
FILING_CODES_READ = ("int_lines_with_business", "int_claim_lines_with_remit_additions")
SENT_AS = ("payer_code", "payer_other_code", "payer_name")


def names_in_files(tables: Tables) -> list[NameSeen]:
    """Every combination of ids and name as claims or remits send it.

    Takes    tables, which gives a table of a build by its name
    Returns  in the order of ids and names; `payer_id` only where the site's reference knows it
    """
    seen = (
        pl.concat([_on_claims(tables), _on_remits(tables)])
        .join(
            tables("int_payers_recognised").select(
                "payer_code",
                "payer_other_code",
                "payer_id",
                "is_known",
                payer_name="payer_name_sent",
            ),
            on=SENT_AS,
            how="left",
            validate="m:1",
        )
        .sort("kind", *SENT_AS)
        .collect()
    )
    return [
        NameSeen(
            kind=row["kind"],
            ids=tuple(sent for sent in (row["payer_code"], row["payer_other_code"]) if sent),
            name=row["payer_name"],
            lines=row["lines"],
            charge_usd=row["charge_usd"],
            filing_codes=frozenset(row["filing_codes"]),
            payer_id=row["payer_id"] if row["is_known"] else None,
        )
        for row in seen.to_dicts()
    ]


def filing_codes_in_lines(tables: Tables) -> pl.DataFrame:
    """The filing codes (CLP06 or SBR09) of every known payer's primary lines.

    Returns  sorted: payer_id, filing_code, lines, charge_usd; a line with two codes counts at both
    """
    codes = pl.concat_list("remit_filing_code", "claim_filing_code").list.drop_nulls().list.unique()
    key = ("claim_id", "line_number", "payer_id", "payer_rank")
    return (
        tables("int_lines_with_business")
        .filter(pl.col("candidate") == 1, pl.col("payer_rank") == "primary")
        .select(*key, filing_code=codes)
        .explode("filing_code")
        .drop_nulls("filing_code")
        .join(
            tables("int_claim_lines_with_remit_additions").select(
                *key, "charge_usd", "is_known_payer"
            ),
            on=key,
            how="inner",
            validate="m:1",
        )
        .filter("is_known_payer")
        .group_by("payer_id", "filing_code")
        .agg(lines=pl.len(), charge_usd=pl.col("charge_usd").sum())
        .sort("payer_id", "filing_code")
        .collect()
    )


def _on_claims(tables: Tables) -> pl.LazyFrame:
    lines = tables("stg_837__claim_lines").group_by("submission_id").agg(lines=pl.len())
    return (
        tables("stg_837__claims")
        .join(_loaded(tables), on="transaction_id", how="semi")
        .join(lines, on="submission_id", how="left", validate="1:1")
        .with_columns(payer_other_code=pl.lit(""), kind=pl.lit("837"))
        .pipe(_counted)
    )


def _on_remits(tables: Tables) -> pl.LazyFrame:
    lines = tables("stg_835__remit_lines").group_by("remit_claim_id").agg(lines=pl.len())
    names = tables("stg_835__remits").select("transaction_id", *SENT_AS)
    return (
        tables("stg_835__remit_claims")
        .join(_loaded(tables), on="transaction_id", how="semi")
        .join(names, on="transaction_id", how="inner", validate="m:1")
        .join(lines, on="remit_claim_id", how="left", validate="1:1")
        .with_columns(kind=pl.lit("835"))
        .pipe(_counted)
    )


def _loaded(tables: Tables) -> pl.LazyFrame:
    return tables("int_transactions_counted_once").filter(pl.col("status") == "loaded")


def _counted(claims: pl.LazyFrame) -> pl.LazyFrame:
    return claims.group_by("kind", *SENT_AS).agg(
        lines=pl.col("lines").fill_null(0).sum().cast(pl.Int64),
        charge_usd=pl.col("charge_usd").fill_null(0).sum(),
        filing_codes=pl.col("filing_code").drop_nulls().unique().sort(),
    )
