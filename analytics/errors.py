"""Expected trouble: one sentence each for what is wrong, what was found and what to do."""


class AnalyticsError(Exception):
    """Trouble a person can mend; the command line says it without a traceback and leaves with 1."""

    exit_code = 1


class UsageError(AnalyticsError):
    """A command or function was asked for something that does not exist; leaves with 2."""

    exit_code = 2
