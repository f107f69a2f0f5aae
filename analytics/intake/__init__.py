"""Everything that comes in: claims and remits, as X12 or as flat extracts.

`files.intake_raw` turns a raw folder into the raw tables of `TABLES.md`; `site` reads what a site
says of itself, its CSVs are `analytics.reference`'s. No name, address or member id leaves this
package.
"""
