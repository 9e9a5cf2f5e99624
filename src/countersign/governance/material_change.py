"""What a new policy pack or network changes, in words, and which approvals that reopens (GOV-11, EQV-03).

Nothing is remembered: the signed versions themselves say it. An approval that a change reopens must not have been
signed before the document that brought the change, so it can be prepared beforehand and taken in at once, and an old
threshold that comes back is a change like any other.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from types import MappingProxyType

from countersign.governance.artefact_content import Validation, read_as
from countersign.governance.policy_pack import PolicyPack
from countersign.governance.programme import Artefact, ArtefactType
from countersign.governance.verdict import ALLOWED, Verdict, first_refusal, require
from countersign.primitives.codec import Plain, to_plain

A = ArtefactType
_APPROVALS = (A.DPIA, A.ETHICS_OPINION, A.EQUALITY_DECISION, A.RIGHTS_ASSESSMENT)
_MEASURED = (*_APPROVALS, A.VALIDATION)
_WIDENED = (*_APPROVALS, A.PUBLISHED_POLICY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """A part of the pack whose change is material.

    Attributes:
        reopens: Approvals that must be given again.
        narrowing: Whether taking entries away is a change as well; a list that only gets shorter limits more.
    """

    reopens: tuple[ArtefactType, ...]
    narrowing: bool


MATERIAL: Mapping[str, Material] = MappingProxyType(
    {
        "operating_points": Material(reopens=_MEASURED, narrowing=True),
        "operating_point_by_tier": Material(reopens=_MEASURED, narrowing=True),
        "list_lengths": Material(reopens=_MEASURED, narrowing=True),
        "fusion_power": Material(reopens=_MEASURED, narrowing=True),
        "purposes": Material(reopens=_WIDENED, narrowing=False),
        "offences": Material(reopens=_WIDENED, narrowing=False),
        "collection_classes": Material(reopens=_WIDENED, narrowing=False),
        "sought_in": Material(reopens=_WIDENED, narrowing=False),
        "source_types": Material(reopens=_WIDENED, narrowing=False),
        "retention": Material(reopens=(A.APPROPRIATE_POLICY_DOCUMENT,), narrowing=True),
    }
)
MEASURED = frozenset(name for name, row in MATERIAL.items() if A.VALIDATION in row.reopens)
"""Parts whose change needs a new equality run and a published reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference between two packs.

    Attributes:
        place: Where it stands, as ``retention.case.days``.
        before: What stood there; empty for what is new.
        after: What stands there now; empty for what is gone.
        reopens: Approvals that it reopens; empty where it is not material.
    """

    place: str
    before: str
    after: str
    reopens: tuple[ArtefactType, ...]

    @property
    def words(self) -> str:
        """Say it in a sentence."""
        reopened = f"; reopens {', '.join(self.reopens)}" if self.reopens else ""
        if not self.before:
            return f"{self.place}: {self.after} is new{reopened}"
        if not self.after:
            return f"{self.place}: {self.before} is gone{reopened}"
        return f"{self.place}: from {self.before} to {self.after}{reopened}"


def _leaves(plain: Plain, place: str) -> Iterator[tuple[str, str]]:
    """Give every value with its place; rows of a table stand under their code, so that their order says nothing."""
    if isinstance(plain, dict):
        for name, item in plain.items():
            yield from _leaves(item, f"{place}.{name}")
    elif isinstance(plain, list):
        for item in plain:
            code = str(item.get("code") or item.get("object_class")) if isinstance(item, dict) else str(item)
            yield from _leaves(item, f"{place}.{code}")
    elif plain is not None:
        yield place, str(plain)


def _reopened_by(place: str, after: str) -> tuple[ArtefactType, ...]:
    material = MATERIAL.get(place.split(".", maxsplit=1)[0])
    if material is None or not (material.narrowing or after):
        return ()
    return material.reopens


def pack_changes(before: PolicyPack, after: PolicyPack) -> tuple[Change, ...]:
    """Give every difference between two packs, sorted by place."""
    old = dict(_leaves(to_plain(before), "pack"))
    new = dict(_leaves(to_plain(after), "pack"))
    places = sorted(place for place in old.keys() | new.keys() if old.get(place) != new.get(place))
    return tuple(
        Change(
            place=place.removeprefix("pack."),
            before=old.get(place, ""),
            after=new.get(place, ""),
            reopens=_reopened_by(place.removeprefix("pack."), new.get(place, "")),
        )
        for place in places
    )


def reason_published(changes: Iterable[Change], pack: PolicyPack) -> Verdict:
    """Refuse a pack that changes what is listed, and for how long a list, without saying why in public (EQV-03)."""
    measured = sorted({name for one in changes if (name := one.place.split(".")[0]) in MEASURED})
    length = len((pack.change_reason or "").strip())
    return require(
        not measured or length >= pack.minimum_chars.reasons,
        "change_reason",
        f"expected a reason of at least {pack.minimum_chars.reasons} characters in change_reason for a change of "
        f"{', '.join(measured)}, got {length}",
    )


def _pack_reopens(before: str, after: str) -> set[ArtefactType]:
    changes = pack_changes(read_as(PolicyPack, before), read_as(PolicyPack, after))
    return {kind for one in changes for kind in one.reopens}


def _network_reopens(before: str, after: str) -> set[ArtefactType]:
    same = read_as(Validation, before).extractor == read_as(Validation, after).extractor
    return set() if same else set(_APPROVALS)


_READERS: Mapping[ArtefactType, Callable[[str, str], set[ArtefactType]]] = MappingProxyType(
    {A.POLICY_PACK: _pack_reopens, A.VALIDATION: _network_reopens}
)


def reopened(history: Iterable[Artefact]) -> dict[ArtefactType, datetime]:
    """Give each approval that a change reopened, with the moment from which on it must have been signed."""
    versions: dict[ArtefactType, list[Artefact]] = {kind: [] for kind in _READERS}
    for artefact in history:
        if artefact.type in versions:
            versions[artefact.type].append(artefact)
    since: dict[ArtefactType, datetime] = {}
    for kind, reopens in _READERS.items():
        for before, after in pairwise(sorted(versions[kind], key=lambda one: one.signed_at)):
            for approval in reopens(before.content, after.content):
                since[approval] = max(since.get(approval, after.signed_at), after.signed_at)
    return since


def approvals_cover(history: Iterable[Artefact]) -> Verdict:
    """Refuse approvals that were given before a change which reopened them."""
    held = list(history)
    current = {artefact.type: artefact for artefact in held if artefact.current}
    return first_refusal(
        ALLOWED,
        *(
            require(
                current[kind].signed_at >= moment,
                "approval_reopened",
                f"expected a {kind} signed no earlier than the change of {moment.isoformat()}, got one of "
                f"{current[kind].signed_at.isoformat()}",
            )
            for kind, moment in sorted(reopened(held).items())
            if kind in current
        ),
    )
