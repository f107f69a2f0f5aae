"""CMS files as published, into a site's reference: payment limits, crosswalks, NOC, HCPCS, OPPS.

Columns are found by their names, never by their place; a file whose layout is not known is refused
in a sentence and the others are still loaded. See `README.md` beside this file.
"""
