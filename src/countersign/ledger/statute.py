"""What every event is in law, or in house-keeping.

Source:
    Data Protection Act 2018 s.62(1) (the first six); requirements section 8.1 (the further five), LOG-01.
"""

from enum import StrEnum


class Operation(StrEnum):
    """What an event is in law (the first six, s.62) or in house-keeping."""

    COLLECTION = "collection"
    ALTERATION = "alteration"
    CONSULTATION = "consultation"
    DISCLOSURE = "disclosure"
    COMBINATION = "combination"
    ERASURE = "erasure"
    DENIED = "denied"
    ADMIN = "admin"
    KEY = "key"
    POLICY = "policy"
    STATE = "state"
