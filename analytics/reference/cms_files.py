"""The columns and keys of the reference CSVs that `analytics load-cms` writes."""

from analytics.reference.shapes import ReferenceFile, needed, of_kind, text

# What every file of `analytics load-cms` says of a row, and how a package is counted there.
PUBLISHED = (needed("published_on", "date"), *text("published_on_basis", "source"))
PACKAGED = of_kind(
    "amount", "package_size", "package_quantity", "bill_units", "bill_units_per_package"
)

CMS_FILES: tuple[ReferenceFile, ...] = (
    ReferenceFile(
        "payment_limits",
        (
            needed("effective_quarter", "quarter"),
            needed("hcpcs", "hcpcs"),
            needed("published_on", "date"),
            *text("published_on_basis"),
            *of_kind("price", "payment_limit"),
            *of_kind("percent", "coinsurance_pct"),
            *text("notes", "source"),
        ),
        key=("effective_quarter", "hcpcs", "published_on"),
        is_merged=True,
    ),
    ReferenceFile(
        "ndc_crosswalk",
        (
            needed("effective_quarter", "quarter"),
            needed("ndc11", "ndc"),
            needed("hcpcs", "hcpcs"),
            *PACKAGED,
            *text("drug_name"),
            *PUBLISHED,
        ),
        key=("effective_quarter", "ndc11", "hcpcs", "published_on"),
        is_merged=True,
    ),
    ReferenceFile(
        "noc_prices",
        (
            needed("effective_quarter", "quarter"),
            needed("drug_name"),
            *text("dosage"),
            *of_kind("amount", "payment_limit"),
            *text("notes"),
            *PUBLISHED,
        ),
        key=("effective_quarter", "drug_name", "dosage", "published_on"),
        is_merged=True,
    ),
    ReferenceFile(
        "noc_packages",
        (
            needed("effective_quarter", "quarter"),
            needed("ndc11", "ndc"),
            *text("drug_name", "dosage"),
            *PACKAGED,
            *PUBLISHED,
        ),
        key=("effective_quarter", "ndc11", "drug_name", "dosage", "published_on"),
        is_merged=True,
    ),
    ReferenceFile(
        "hcpcs_codes",
        (
            needed("hcpcs", "hcpcs"),
            *text("long_descriptor", "short_descriptor", "coverage"),
            *of_kind("date", "added_on"),
            *text("action"),
            *of_kind("date", "action_on", "terminated_on"),
            *PUBLISHED,
        ),
        key=("hcpcs", "published_on"),
        is_merged=True,
    ),
    ReferenceFile(
        "opps_status",
        (
            needed("effective_from", "date"),
            needed("hcpcs", "hcpcs"),
            *of_kind("code", "status_indicator", "apc"),
            *of_kind(
                "amount",
                "payment_rate",
                "national_copayment",
                "minimum_copayment",
                "adjusted_copayment",
            ),
            *of_kind("percent", "coinsurance_pct"),
            *text("notes"),
            *PUBLISHED,
        ),
        key=("effective_from", "hcpcs", "published_on"),
        is_merged=True,
    ),
)
