"""One entry of the log: what was done, when, by which pseudonym, under which pack, network and code."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import TypeAlias

from countersign.errors import Invalid
from countersign.ledger.canonical import encode, parse
from countersign.ledger.event import COMMITMENT_NAMES, KINDS, PROGRAMME_STATE, EventKind
from countersign.ledger.fact import COUNT, SHA256, Fact, Spelled
from countersign.primitives.clock import parse_rfc3339

FactValue: TypeAlias = str | int

VERSION = 1
MAX_ENTRY_BYTES = 65_535
"""C2SP tlog-tiles gives an entry's length two bytes (LOG-16)."""

_AT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{3}Z")
_HEADER: Mapping[str, Fact] = {
    "seq": COUNT,
    "actor": Spelled(
        name="a pseudonym of 32 hexadecimal digits or 'system'", pattern=re.compile("[0-9a-f]{32}|system")
    ),
    "case": Spelled(name="an identifier of 32 hexadecimal digits or nothing", pattern=re.compile("([0-9a-f]{32})?")),
    "pack": Spelled(name="a SHA-256 or nothing", pattern=re.compile("([0-9a-f]{64})?")),
    "network": Spelled(name="a SHA-256 or nothing", pattern=re.compile("([0-9a-f]{64})?")),
    "code": Spelled(name="a version of the program", pattern=re.compile(r"[0-9A-Za-z.+-]{1,64}")),
    "programme_state": PROGRAMME_STATE,
}


class EntryFormError(Invalid):
    """Something is not an entry. The message names the place, never the value, which could be personal."""

    code = "entry_form"

    def __init__(self, where: str, expected: str) -> None:
        super().__init__(f"entry, {where}: expected {expected}, got something else")


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryDraft:
    """An entry that has no place in the log yet.

    Attributes:
        at: `rfc3339` of the moment.
        kind: What happened.
        actor: Pseudonym of the person, or ``system``.
        case: Pseudonym of the case, or nothing when the event belongs to none.
        pack: SHA-256 of the policy pack, or nothing before there is one.
        network: SHA-256 of the network in use, or nothing before there is one.
        code: Version of the program.
        programme_state: State of the programme when the event happened.
        facts: Exactly the facts of the kind.
        commit: Name to commitment; see `countersign.ledger.commitment`.
    """

    at: str
    kind: EventKind
    actor: str
    case: str = ""
    pack: str = ""
    network: str = ""
    code: str
    programme_state: str
    facts: Mapping[str, FactValue] = field(default_factory=dict)
    commit: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(EntryDraft):
    """An entry at its place; valid once built.

    Raises:
        EntryFormError: A field, fact or commitment is not what the kind asks for.
    """

    seq: int

    def __post_init__(self) -> None:
        for name, fact in _HEADER.items():
            _demand(fact, getattr(self, name), name)
        if not _is_moment(self.at):
            raise EntryFormError("at", "a moment such as 2026-01-31T12:00:00.000Z")
        if self.facts.keys() != self.kind.facts.keys():
            raise EntryFormError(f"facts of {self.kind}", ", ".join(self.kind.facts))
        for name, fact in self.kind.facts.items():
            _demand(fact, self.facts[name], f"fact {name}")
        for name, commitment in self.commit.items():
            _demand(COMMITMENT_NAMES, name, "commit")
            _demand(SHA256, commitment, f"commitment {name}")
        for name in ("facts", "commit"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    @classmethod
    def of(cls, draft: EntryDraft, *, seq: int) -> "Entry":
        """Give a draft its place."""
        return cls(seq=seq, **{part.name: getattr(draft, part.name) for part in fields(EntryDraft)})

    def to_bytes(self) -> bytes:
        """Write the entry as canonical JSON: the bytes that the tree hashes.

        Raises:
            EntryFormError: Longer than 65,535 bytes.
        """
        value = {part.name: getattr(self, part.name) for part in fields(self)}
        return _within_limit(encode({"v": VERSION, **value}))

    @classmethod
    def from_bytes(cls, data: bytes) -> "Entry":
        """Read an entry; what `to_bytes` would not write is refused.

        Raises:
            EntryFormError: Not an entry of this version, or an unknown key, kind, fact or commitment.
            CanonicalFormError: Not canonical JSON.
        """
        value = parse(_within_limit(data))
        if not isinstance(value, dict) or value.keys() != _KEYS:
            raise EntryFormError("keys", ", ".join(sorted(_KEYS)))
        if type(value["v"]) is not int or value.pop("v") != VERSION:
            raise EntryFormError("v", str(VERSION))
        kind = KINDS.get(str(value["kind"]))
        if kind is None:
            raise EntryFormError("kind", "a known kind of event")
        for name in ("facts", "commit"):
            if not isinstance(value[name], dict):
                raise EntryFormError(name, "an object")
        return cls(**{**value, "kind": kind})


_KEYS = {"v", *(part.name for part in fields(Entry))}


def _demand(fact: Fact, value: object, where: str) -> None:
    if not fact.admits(value):
        raise EntryFormError(where, fact.describe())


def _is_moment(at: object) -> bool:
    """Say whether a moment is spelled as `rfc3339` spells it and exists in the calendar."""
    if not isinstance(at, str) or not _AT.fullmatch(at):
        return False
    try:
        parse_rfc3339(at)  # the pattern leaves only days that are in no calendar
    except ValueError:
        return False
    return True


def _within_limit(data: bytes) -> bytes:
    if len(data) > MAX_ENTRY_BYTES:
        raise EntryFormError("length", f"at most {MAX_ENTRY_BYTES} bytes")
    return data
