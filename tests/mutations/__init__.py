"""Rules of the business broken one at a time, to see that a test notices each."""
