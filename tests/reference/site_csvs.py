"""A site's reference CSVs as text, read over the shipped ones, and what came of them."""

from collections.abc import Callable

import polars as pl

from analytics.reference.tables import Reference

PAYERS = "payer_id,payer_name,line_of_business,look_back_days\nBIRCH,Birch Health,commercial,365\n"
TERM = "contract_id,payer_id,hcpcs,method,rate\n"
VERSIONS = "term_id,payer_id,hcpcs,method,rate,effective_from,effective_through,recorded_on\n"
CODE = "hcpcs,drug,unit_mg\n"
PACKAGE = "ndc11,drug,package_mg,billable_mg\n"
LIMIT = "effective_quarter,hcpcs,published_on,payment_limit\n"
REASON = "code_set,code,denial_class,counts_as_denial,effect\n"

ReadSite = Callable[..., Reference]


def said(reference: Reference) -> str:
    return "\n".join(str(problem) for problem in reference.problems)


def asked(reference: Reference) -> str:
    return "\n".join(str(question) for question in reference.questions)


def used(reference: Reference, name: str) -> list[int]:
    """The numbers of the site's rows that are used."""
    return sorted(rows_of(reference, name)["row_number"].to_list())


def rows_of(reference: Reference, name: str, source: str = "site") -> pl.DataFrame:
    return reference.frames[f"raw_ref__{name}"].filter(pl.col("row_source") == source)
