"""A book of priced cases: each cause of a gap planted to the cent, and what only looks like it.

Nothing here imports the package beyond the X12 writer: what a case must come to is worked out with
decimals by a few lines of its own, so that the answer key cannot repeat an engine's mistake.
"""
