"""Why a file is not loaded: it is none of the known ones, or one whose layout cannot be read."""


class UnknownFileError(Exception):
    """A file that is none of those CMS publishes; the message is a sentence without its name."""


class UnreadableLayoutError(Exception):
    """A CMS file that cannot be read as it stands; the message is a sentence without its name."""
