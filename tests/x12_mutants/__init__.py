"""Valid X12 with structure-aware damage, by the thousand, and what must still hold of it."""
