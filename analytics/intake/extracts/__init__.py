"""Flat extracts of a site without X12: CSV and Parquet files, as `EXTRACTS.md` describes them.

`tables.read_extracts` turns them into the raw tables X12 files become.
"""
