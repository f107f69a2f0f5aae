"""What a practice knows about its payers and drugs: the reference CSVs of a site and the shipped.

`tables.read_reference` turns two folders of CSVs into the `raw_ref__` tables the models read and a
sentence for everything that is wrong with them; `added` and `writing` put rows into a site's files.
"""
