"""Register a person: public key, roles, rank, unit, and until when each role's training is in date."""

from dataclasses import dataclass
from datetime import date

from countersign.errors import Conflict
from countersign.governance.actor import Person, Rank, Role
from countersign.governance.permission import Permission
from countersign.governance.role_rules import registrable, roles_compatible
from countersign.governance.signature import check_public_key
from countersign.ledger.event import EventKind
from countersign.operations.turn import Turn, operation
from countersign.primitives.ids import PersonId, new_id


class KeyTakenError(Conflict):
    """A key stands for one person."""

    code = "key_taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPerson:
    """Whom to register."""

    name: str
    public_key: str
    organisation: str
    team: str
    rank: Rank
    roles: tuple[Role, ...]
    trained_until: date


@operation(Permission.PERSON_ADD)
def add_person(turn: Turn, arguments: AddPerson) -> Person:
    """Register a person.

    Raises:
        GuardError: A role is the controller's, the DPO's or oversight's, or two roles do not go together.
        KeyTakenError: The key is registered.
    """
    turn.check(registrable(arguments.roles), roles_compatible(arguments.roles))
    public_key = check_public_key(arguments.public_key)
    if turn.work.people.where(public_key=public_key):
        raise KeyTakenError("expected a key that nobody has, got one that is registered")
    person = Person(
        id=PersonId(new_id()),
        key=turn.work.keys.create(),
        name=arguments.name,
        public_key=public_key,
        organisation=arguments.organisation,
        team=arguments.team,
        rank=arguments.rank,
        roles=arguments.roles,
        trained_until=tuple((role, arguments.trained_until) for role in arguments.roles),
        registered_at=turn.now,
    )
    turn.work.people.add(person)
    turn.record(EventKind.PERSON_REGISTERED, {"roles": len(person.roles)}, committed={"person": person}, key=person.key)
    return person
