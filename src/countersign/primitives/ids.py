"""Identifiers: random 128-bit pseudonyms in hexadecimal, so that none of them says anything about a person."""

import secrets
from typing import NewType

PersonId = NewType("PersonId", str)
CaseId = NewType("CaseId", str)
RequestId = NewType("RequestId", str)
AuthorisationId = NewType("AuthorisationId", str)
RunId = NewType("RunId", str)
ReviewId = NewType("ReviewId", str)
LeadId = NewType("LeadId", str)
ExhibitId = NewType("ExhibitId", str)
EditId = NewType("EditId", str)
FaceId = NewType("FaceId", str)
ScanId = NewType("ScanId", str)
TrackId = NewType("TrackId", str)
PictureId = NewType("PictureId", str)
ProbeId = NewType("ProbeId", str)
CollectionId = NewType("CollectionId", str)
SubjectId = NewType("SubjectId", str)
RecordId = NewType("RecordId", str)
ImageId = NewType("ImageId", str)
BlobId = NewType("BlobId", str)
KeyId = NewType("KeyId", str)
MandateId = NewType("MandateId", str)
AccountId = NewType("AccountId", str)
PasskeyId = NewType("PasskeyId", str)
ArtefactId = NewType("ArtefactId", str)
SendingId = NewType("SendingId", str)
EntrySeq = NewType("EntrySeq", int)


def new_id() -> str:
    """Give a fresh random pseudonym: 32 hexadecimal digits."""
    return secrets.token_hex(16)
