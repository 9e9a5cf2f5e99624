"""Import people from the force's own register: roles, ranks, training and leavers, in one signed act.

The public key says who a person is. Who is known gets the file's values; who is new is registered; who is marked as
left, or is missing from a file that is complete, is blocked at once. The same file twice changes nothing. One row that
does not fit refuses the file as a whole: a register taken in by half would let somebody act who should not.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path

from countersign.errors import Invalid
from countersign.governance.actor import Person, Rank, Role
from countersign.governance.permission import Permission
from countersign.governance.role_rules import SIGNERS, registrable, roles_compatible
from countersign.governance.signature import check_public_key
from countersign.governance.verdict import require
from countersign.ledger.event import EventKind
from countersign.operations.turn import Turn, operation
from countersign.primitives.codec import from_plain
from countersign.primitives.ids import PersonId, new_id


class PeopleFileError(Invalid):
    """The file cannot be read as a register of people."""

    code = "people_file"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """One person, as the force has them. ``roles`` and ``trained_until`` go by pairs, separated by spaces.

    Attributes:
        left_on: Day on which they left; empty while they serve.
    """

    name: str
    public_key: str
    organisation: str
    team: str
    rank: Rank
    roles: str
    trained_until: str
    left_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPeople:
    """Which file.

    Attributes:
        complete: It names everybody; whoever it does not name has left.
    """

    source: str
    complete: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What changed."""

    added: int
    changed: int
    left: int
    unchanged: int


@operation(Permission.PERSON_IMPORT)
def import_people(turn: Turn, arguments: ImportPeople) -> Imported:
    """Import a register of people.

    Raises:
        PeopleFileError: The file or a row of it cannot be read, or names a key twice.
        GuardError: A row holds a signer's role, roles that do not go together, or would block whoever imports it.
    """
    rows = [_person(turn, row) for row in read_people(Path(arguments.source))]
    if len({row.public_key for row in rows}) != len(rows):
        raise PeopleFileError("expected each key once, got one twice")
    held = {person.public_key: person for person in turn.work.people.where() if not SIGNERS & set(person.roles)}
    count = {"added": 0, "changed": 0, "left": 0, "unchanged": 0}
    for row in rows:
        count[_take(turn, held.pop(row.public_key, None), row)] += 1
    if arguments.complete:
        for person in held.values():
            count[_leave(turn, person)] += 1
    turn.record(EventKind.PEOPLE_IMPORTED, dict(count), unopened={"arguments"})
    return Imported(**count)


def read_people(path: Path) -> Iterator[PersonRow]:
    """Read the file.

    Raises:
        PeopleFileError: It is not a CSV with the columns of `PersonRow`, or a row does not fit.
    """
    known = {field.name for field in fields(PersonRow)}
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            reader = csv.DictReader(stream, strict=True)
            if set(reader.fieldnames or ()) != known:
                raise PeopleFileError(f"expected the columns {sorted(known)}, got {sorted(reader.fieldnames or ())}")
            for row in reader:
                yield _row(row, reader.line_num)
    except (OSError, UnicodeDecodeError, csv.Error) as cause:
        raise PeopleFileError(f"expected a readable CSV of people at {path.name}, got: {cause}") from cause


def _row(plain: Mapping[str | None, str | None], line: int) -> PersonRow:
    given = {name or "beyond the last column": value for name, value in plain.items()}
    return from_plain(PersonRow, {**given, "left_on": given["left_on"] or None}, f"line {line}")


def _person(turn: Turn, row: PersonRow) -> Person:
    roles: tuple[Role, ...] = from_plain(tuple[Role, ...], row.roles.split(), "roles")
    days: tuple[date, ...] = from_plain(tuple[date, ...], row.trained_until.split(), "trained_until")
    if len(roles) != len(days):
        raise PeopleFileError(f"expected one day of training for each role, got {len(days)} for {len(roles)}")
    turn.check(registrable(roles), roles_compatible(roles))
    return Person(
        id=PersonId(""),
        key=turn.actor.key,
        name=row.name,
        public_key=check_public_key(row.public_key),
        organisation=row.organisation,
        team=row.team,
        rank=row.rank,
        roles=roles,
        trained_until=tuple(zip(roles, days, strict=True)),
        registered_at=turn.now,
        left_on=row.left_on,
    )


def _take(turn: Turn, before: Person | None, row: Person) -> str:
    if before is None:
        turn.work.people.add(replace(row, id=PersonId(new_id()), key=turn.work.keys.create()))
        return "added"
    after = replace(
        row,
        id=before.id,
        key=before.key,
        registered_at=before.registered_at,
        acknowledged=before.acknowledged,
        absent_until=before.absent_until,
        barred_at=before.barred_at,
        barred_by=before.barred_by,
    )
    if after == before:
        return "unchanged"
    if after.left_on is not None:
        return _leave(turn, replace(after, left_on=before.left_on), after.left_on)
    turn.work.people.replace(after)
    return "changed"


def _leave(turn: Turn, person: Person, on: date | None = None) -> str:
    """Block a person from now on, whatever day the file names."""
    if person.left_on is not None:
        return "unchanged"
    turn.check(
        require(person.id != turn.actor.id, "own_departure", "expected whoever imports to stay, got them as a leaver")
    )
    turn.work.people.replace(replace(person, left_on=on or turn.today))
    return "left"
