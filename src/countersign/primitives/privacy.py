"""Expectation of privacy: a closed list that forms and exhibits share."""

from enum import StrEnum


class Privacy(StrEnum):
    """How much privacy people could expect where the imagery was taken (practice, "Evidence and files")."""

    PUBLIC_PLACE = "public_place"
    PRIVATE_PREMISES = "private_premises"
    CLOSED_ACCOUNT = "closed_account"
    THIRD_PARTY_DEVICE = "third_party_device"
    INTIMATE = "intimate"


INTRUSION = tuple(Privacy)
"""From the least intrusive to the most."""
