"""Which of the files CMS publishes a file is: told by its content, never by its name."""

from collections.abc import Callable

from analytics.cms.addendum_b import read_addendum_b
from analytics.cms.crosswalk import read_crosswalk
from analytics.cms.hcpcs import read_hcpcs
from analytics.cms.noc import read_noc_packages, read_noc_prices
from analytics.cms.payment_limits import read_payment_limits
from analytics.cms.received import CmsFile
from analytics.cms.refusal import UnknownFileError, UnreadableLayoutError
from analytics.cms.rows import CmsRows
from analytics.cms.sheets import Grid, grids

_SHEETS: tuple[Callable[[CmsFile, Grid], CmsRows | None], ...] = (
    read_noc_prices,
    read_noc_packages,
    read_payment_limits,
    read_crosswalk,
    read_addendum_b,
)


def read_cms_file(file: CmsFile) -> CmsRows:
    """Return what a CMS file says.

    Raises   UnknownFileError when it is none of the files CMS publishes
             UnreadableLayoutError when it is one that cannot be read as it stands
    """
    codes = read_hcpcs(file)
    if codes is not None:
        return codes
    refused: UnreadableLayoutError | None = None
    for grid in grids(file.content):
        for read in _SHEETS:
            try:
                found = read(file, grid)
            except UnreadableLayoutError as trouble:
                # Read with another separator the same sheet may be whole.
                refused = refused or trouble
                continue
            if found is not None:
                if not found.rows and not found.cpt_rows:
                    raise UnreadableLayoutError("has a header and no rows; download the file again")
                return found
    if refused is not None:
        raise refused
    raise UnknownFileError(
        "is none of payment limits, NDC-HCPCS crosswalk, NOC prices, NOC crosswalk, HCPCS codes "
        f"or OPPS Addendum B; found {_seen(file.content)}. "
        "Give the CSV or text file of the CMS download, or its zip"
    )


def _seen(content: bytes) -> str:
    if not content.strip():
        return "an empty file"
    if content.startswith(b"%PDF"):
        return "a PDF"
    if b"\0" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "bytes that are no text"
    # Never the text itself: a claim file named by mistake holds patients.
    return f"text of {len(content):,} bytes without any of their headers"
