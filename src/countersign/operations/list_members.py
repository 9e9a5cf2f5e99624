"""List what is in a zip archive on the requester's own disk; no act on a case, so no key and no entry."""

from countersign.media.archive import Member
from countersign.media.intake import open_file
from countersign.media.sandbox.unpacker import list_members as listed_in_sandbox
from countersign.operations.seal_exhibit import ARCHIVE_LIMIT_BYTES


def list_members(file: str) -> tuple[Member, ...]:
    """Give the files of an archive by the numbers by which `seal_exhibit` picks one.

    Raises:
        ArchiveError: It is no zip archive, or names something outside of itself.
        LiveInputError: It is no closed file.
    """
    with open_file(file, limit_bytes=ARCHIVE_LIMIT_BYTES) as archive:
        return listed_in_sandbox(archive.descriptor)
