"""Sign in a person whom the force's identity provider vouches for. The door has verified the provider's signature."""

from countersign.errors import CountersignError
from countersign.governance.account import ABSOLUTE, Mandate, MandateKind, SignInError, Way
from countersign.governance.permission import Permission
from countersign.ledger.event import EventKind
from countersign.operations.desk import Desk
from countersign.operations.link_account import PROVIDER, subject_name
from countersign.operations.recording import record_entry
from countersign.operations.signer import check_in_service
from countersign.operations.work import Work
from countersign.primitives.digest import Sha256
from countersign.primitives.ids import MandateId, new_id


def open_provider_session(desk: Desk, *, issuer: str, subject: str, public_key: str, evidence: Sha256) -> Mandate:
    """Open a session for the person to whom (issuer, subject) is linked.

    Args:
        desk: Where.
        issuer: The provider's name for itself.
        subject: The provider's name for the person.
        public_key: Of the session.
        evidence: Digest of the provider's signed statement, committed in the entry.

    Raises:
        SignInError: Nobody is linked, or they left.
    """
    with desk.archive.begin() as work:
        desk.check(work.ledger)
        session = _session(work, desk, subject_name(issuer, subject), public_key, evidence)
        if session is None:
            facts = {"operation": str(Permission.SESSION_OPEN), "reason": SignInError.code, "spoke": "guard"}
            record_entry(work, desk, EventKind.DENIED, None, facts, {})
        work.commit()
    desk.seal()
    if session is None:
        raise SignInError("expected somebody who is linked to a person here, got nobody")
    return session


def _session(work: Work, desk: Desk, name: str, public_key: str, evidence: Sha256) -> Mandate | None:
    now = desk.clock.now()
    accounts = work.accounts.where(name_digest=work.keys.keyed_digest(PROVIDER, name))
    if not accounts:
        return None
    person = work.people.get(accounts[0].person)
    try:
        check_in_service(person)
    except CountersignError:
        return None
    session = Mandate(
        id=MandateId(new_id()),
        person=person.id,
        public_key=public_key,
        kind=MandateKind.SESSION,
        way=Way.PROVIDER,
        opened_at=now,
        seen_at=now,
        ends_at=now + ABSOLUTE,
    )
    work.mandates.add(session)
    committed = {"session": public_key, "file": evidence}
    record_entry(work, desk, EventKind.SESSION_OPENED, person, {"way": session.way}, committed)
    return session
