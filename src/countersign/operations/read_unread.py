"""Read what a person has yet to read: the policy in force, and what it changes since the version they last read.

A policy is public, so nothing of this is a look at anybody's data, and it leaves no entry; that it was read does
(`acknowledge_policy`).
"""

import json
from dataclasses import dataclass
from datetime import date, datetime

from countersign.governance.material_change import Change, pack_changes
from countersign.governance.policy_pack import PolicyPack, read_pack
from countersign.governance.programme import Artefact, ArtefactType
from countersign.operations.desk import Desk
from countersign.operations.recording import pack_artefact
from countersign.operations.work import Work
from countersign.primitives.digest import Sha256
from countersign.primitives.ids import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadPolicy:
    """A policy that binds a person once they read it.

    Attributes:
        held: Its digest, which is what a person acknowledges.
        before: The version that they read last; empty for somebody who read none.
        changes: What differs since; empty for somebody who read none.
        pack: The policy whole.
    """

    version: str
    held: Sha256
    signed_at: datetime
    review_by: date
    before: str
    changes: tuple[Change, ...]
    pack: PolicyPack


def read_unread(desk: Desk, person: PersonId) -> UnreadPolicy | None:
    """Give the policy in force, or None where the person read it or there is none."""
    with desk.archive.read() as work:
        artefact, read = pack_artefact(work), work.people.get(person).acknowledged
        if artefact is None or artefact.sha256 == read:
            return None
        pack, before = _pack(artefact), _read_before(work, read)
        return UnreadPolicy(
            version=artefact.version,
            held=artefact.sha256,
            signed_at=artefact.signed_at,
            review_by=artefact.review_by,
            before=before.version if before else "",
            changes=pack_changes(_pack(before), pack) if before else (),
            pack=pack,
        )


def _read_before(work: Work, read: Sha256) -> Artefact | None:
    return next(iter(work.artefacts.where(type=ArtefactType.POLICY_PACK, sha256=read)), None)


def _pack(artefact: Artefact) -> PolicyPack:
    return read_pack(json.loads(artefact.content))
