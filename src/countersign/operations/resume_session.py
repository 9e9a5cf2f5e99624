"""Say who a session signs for: asked with every request of the web. It shows a person to themselves, so no entry."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from countersign.errors import Refused
from countersign.governance.account import MandateKind, Way, holds
from countersign.governance.actor import Role
from countersign.governance.programme import ProgrammeKind
from countersign.operations.desk import PROGRAMME_ID, Desk
from countersign.operations.signer import check_in_service
from countersign.primitives.ids import PersonId

SEEN_EVERY = timedelta(minutes=1)
"""The moment of the last request is stored no finer than this: a page with ten pictures is one write."""


class SessionEndedError(Refused):
    """Nobody is signed in with this."""

    code = "session_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Who is signed in."""

    person: PersonId
    name: str
    roles: tuple[Role, ...]
    way: Way
    public_key: str
    ends_at: datetime
    kind: ProgrammeKind


def resume_session(desk: Desk, public_key: str) -> SignedIn:
    """Give who is signed in by a session's key, and count its idle time anew.

    Raises:
        SessionEndedError: No such session, or it is over.
        LeftServiceError: The person left.
    """
    now = desk.clock.now()
    with desk.archive.read() as work:
        found = work.mandates.where(public_key=public_key)
        if not found or found[0].kind is not MandateKind.SESSION or not holds(found[0], now).allowed:
            raise SessionEndedError("expected a session that is not over, got none")
        session = found[0]
        person = work.people.get(session.person)
        kind = work.programmes.get(PROGRAMME_ID).kind
    check_in_service(person)
    if now - session.seen_at >= SEEN_EVERY:
        with desk.archive.begin() as work:
            work.mandates.replace(replace(work.mandates.get(session.id), seen_at=now))
            work.commit()
    return SignedIn(
        person=person.id,
        name=person.name,
        roles=person.roles,
        way=session.way,
        public_key=public_key,
        ends_at=session.ends_at,
        kind=kind,
    )
