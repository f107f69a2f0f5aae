"""A made-up site from one seed: claims, remits, contracts, and the answer key of its findings."""
