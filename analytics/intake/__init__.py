"""Everything that comes in: claims and remits as X12, a site's own CSVs, the files CMS publishes.

`files.intake_raw` turns a raw folder into the raw tables of `TABLES.md`; `site` reads what a site
says of itself. No name, address or member id leaves this package.
"""
