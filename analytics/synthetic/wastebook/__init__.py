"""A book of treatments: waste and documentation planted by hand, and what only looks like a fault.

Nothing here imports the package beyond the X12 writer and the prices of the other book: what a
treatment must come to stands beside it, so that the answer key cannot repeat an engine's mistake.
"""
