"""Set a programme up: the one act that nobody signs, because nobody is registered yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from countersign.errors import Conflict, Invalid
from countersign.governance.actor import Person, Rank, Role
from countersign.governance.programme import Jurisdiction, Programme, ProgrammeKind, ProgrammeState
from countersign.governance.signature import check_public_key
from countersign.ledger.event import EventKind
from countersign.operations.desk import PROGRAMME_ID, Desk
from countersign.operations.recording import record_entry
from countersign.primitives.digest import Sha256, sha256
from countersign.primitives.ids import PersonId, new_id


class AlreadyInitialisedError(Conflict):
    """There is a programme already; its kind and origin are fixed for good."""

    code = "already_initialised"


class SignersError(Invalid):
    """The programme's signers are not three different people."""

    code = "signers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Initialise:
    """What is fixed at the start.

    Attributes:
        signers: Public keys of controller, DPO and oversight; nobody registers another signer later.
    """

    kind: ProgrammeKind
    jurisdiction: Jurisdiction
    origin: str
    organisation: str
    signers: tuple[tuple[Role, str], ...]


SIGNING_ROLES = (Role.CONTROLLER, Role.DPO, Role.OVERSIGHT)


def check_signers(arguments: Initialise) -> None:
    """Refuse signers who are not three different people; asked before any folder is made, too.

    Raises:
        SignersError: Not exactly one different key for each signing role.
        SignatureError: A public key is not one.
    """
    keys = [check_public_key(key) for _, key in arguments.signers]
    if sorted(role for role, _ in arguments.signers) != sorted(SIGNING_ROLES) or len(set(keys)) != len(SIGNING_ROLES):
        got = ", ".join(role for role, _ in arguments.signers)
        raise SignersError(f"expected three different keys, one each for {', '.join(SIGNING_ROLES)}, got {got}")


def signers_digest(signers: Iterable[tuple[Role, str]]) -> Sha256:
    """Give one fingerprint of the signers' public keys; it stands in the log's first entry, which a witness cosigns.

    Nobody can exchange a signer's key later without breaking the log (practice P-17).
    """
    return sha256("\n".join(sorted(f"{role} {key.lower()}" for role, key in signers)).encode())


def initialise(desk: Desk, arguments: Initialise) -> Programme:
    """Create the programme in PROPOSED, register its signers and write the log's first entry.

    Raises:
        AlreadyInitialisedError: There is a programme.
        SignatureError: A public key is not one, or two signers share one.
    """
    check_signers(arguments)
    with desk.archive.begin() as work:
        if work.programmes.find(PROGRAMME_ID):
            raise AlreadyInitialisedError("expected an empty data folder, got one with a programme")
        programme = Programme(
            id=PROGRAMME_ID,
            kind=arguments.kind,
            jurisdiction=arguments.jurisdiction,
            origin=arguments.origin,
            state=ProgrammeState.PROPOSED,
            since=desk.clock.now(),
        )
        work.programmes.add(programme)
        for role, key in arguments.signers:
            work.people.add(
                Person(
                    id=PersonId(new_id()),
                    key=work.keys.create(),
                    name=role,
                    public_key=key,
                    organisation=arguments.organisation,
                    team=role,
                    rank=Rank.STAFF,
                    roles=(role,),
                    trained_until=((role, date.max),),
                    registered_at=desk.clock.now(),
                )
            )
        facts: dict[str, str | int] = {
            "kind": programme.kind,
            "jurisdiction": programme.jurisdiction,
            "signers": signers_digest(arguments.signers),
        }
        record_entry(work, desk, EventKind.PROGRAMME_INITIALISED, None, facts, {})
        work.commit()
    desk.seal()
    return programme
