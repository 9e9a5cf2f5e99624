"""Read the policy in force, and what another pack would change in it; public, so it needs no key."""

import json
from dataclasses import dataclass
from datetime import date

from countersign.governance.material_change import Change, pack_changes
from countersign.governance.policy_lint import Finding, lint
from countersign.governance.policy_pack import PolicyPack, read_pack
from countersign.governance.programme import ArtefactType
from countersign.operations.desk import Desk
from countersign.operations.recording import pack_artefact
from countersign.operations.turn import NoPolicyPackError
from countersign.primitives.digest import Sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyInForce:
    """The pack in force, and how many people have not read it yet."""

    version: str
    pack: Sha256
    review_by: date
    change_reason: str
    unread: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyChange:
    """What another pack would change: sentences, and the approvals that it reopens."""

    changes: tuple[str, ...]
    reopens: tuple[ArtefactType, ...]


def check_pack(pack: PolicyPack) -> tuple[Finding, ...]:
    """Give everything that keeps a pack out of force; needs no installation."""
    return lint(pack)


def compare_packs(before: PolicyPack, after: PolicyPack) -> PolicyChange:
    """Say what changes from one pack to another; needs no installation."""
    changes: tuple[Change, ...] = pack_changes(before, after)
    return PolicyChange(
        changes=tuple(one.words for one in changes),
        reopens=tuple(sorted({kind for one in changes for kind in one.reopens})),
    )


def read_policy(desk: Desk) -> PolicyInForce:
    """Read which pack is in force.

    Raises:
        NoPolicyPackError: There is none.
    """
    with desk.archive.read() as work:
        artefact = pack_artefact(work)
        if artefact is None:
            raise NoPolicyPackError("expected a policy pack in force, got none")
        people = [one for one in work.people.where() if one.left_on is None]
        return PolicyInForce(
            version=artefact.version,
            pack=artefact.sha256,
            review_by=artefact.review_by,
            change_reason=read_pack(json.loads(artefact.content)).change_reason or "",
            unread=sum(one.acknowledged != artefact.sha256 for one in people),
        )


def pack_in_force(desk: Desk) -> PolicyPack:
    """Give the pack in force, to compare another with."""
    with desk.archive.read() as work:
        artefact = pack_artefact(work)
        if artefact is None:
            raise NoPolicyPackError("expected a policy pack in force, got none")
        return read_pack(json.loads(artefact.content))
