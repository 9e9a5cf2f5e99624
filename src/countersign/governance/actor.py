"""People who act: registered with a public key, roles, rank, unit and dates until which they are trained."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from countersign.primitives.digest import EMPTY, Sha256
from countersign.primitives.ids import KeyId, PersonId


class Role(StrEnum):
    """What a person may be. Source: requirements §3."""

    REQUESTER = "requester"
    AUTHORISING_OFFICER = "authorising_officer"
    OPERATOR = "operator"
    EXAMINER = "examiner"
    CONTROLLER = "controller"
    DPO = "dpo"
    OVERSIGHT = "oversight"
    ASSET_OWNER = "asset_owner"
    DISCLOSURE_OFFICER = "disclosure_officer"
    RIGHTS_HANDLER = "rights_handler"
    ADMINISTRATOR = "administrator"
    SUPERVISOR = "supervisor"


class Rank(StrEnum):
    """Rank or its equivalent, lowest first; the order is the order of the lines."""

    STAFF = "staff"
    CONSTABLE = "constable"
    SERGEANT = "sergeant"
    INSPECTOR = "inspector"
    CHIEF_INSPECTOR = "chief_inspector"
    SUPERINTENDENT = "superintendent"
    CHIEF_OFFICER = "chief_officer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A registered person. One person has one row and one key, whatever the number of roles.

    Attributes:
        public_key: Raw Ed25519 public key, 64 hexadecimal digits.
        trained_until: Last day on which training is in date, by role; a role without a day is not in date.
        acknowledged: Digest of the policy pack that they last said to have read (GOV-10).
        absent_until: Last day of an absence, on which others cover for them; None while they are at work.
        barred_at: When ``barred_by`` barred them; until somebody else readmits them nothing they sign is done.
        left_on: Day on which they left; from then on nothing they sign is done.
    """

    id: PersonId
    key: KeyId
    name: str
    public_key: str
    organisation: str
    team: str
    rank: Rank
    roles: tuple[Role, ...]
    trained_until: tuple[tuple[Role, date], ...]
    registered_at: datetime
    left_on: date | None = None
    acknowledged: Sha256 = EMPTY
    absent_until: date | None = None
    barred_at: datetime | None = None
    barred_by: PersonId | None = None

    def here(self, today: date) -> bool:
        """Say whether work can wait for this person: in service, not barred, and back from any absence."""
        away = self.absent_until is not None and today <= self.absent_until
        return self.left_on is None and self.barred_at is None and not away
