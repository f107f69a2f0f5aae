"""Random nasty sites on which the models and the plain-Python oracle must say the same."""
