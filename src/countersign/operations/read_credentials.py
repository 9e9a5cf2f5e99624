"""Give the names of a person's passkeys, so that their browser offers the right one. Shown to themselves: no entry."""

from countersign.operations.desk import Desk
from countersign.primitives.ids import PersonId


def read_credentials(desk: Desk, person: PersonId) -> tuple[str, ...]:
    """Give the credentials, hexadecimal."""
    with desk.archive.read() as work:
        return tuple(one.credential for one in work.passkeys.where(person=person))
