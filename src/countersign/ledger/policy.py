"""Whose signatures count: the keys of the log, those of the witnesses, and how many of these must have cosigned.

    log example.org/log+1a2b3c4d+AQ…
    witness oversight oversight.example+0a0b0c0d+BA…
    witness court court.example+0a0b0c0e+BA…
    group outside 1 oversight court
    quorum outside

Source:
    C2SP tlog-policy; addresses after a key are allowed and ignored.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from countersign.errors import Invalid
from countersign.ledger.checkpoint import cosigned_at
from countersign.ledger.note import COSIGNATURE_V1, ED25519, Note, VerifierKey

NO_QUORUM = "none"


class PolicyFormError(Invalid):
    """A policy file has a line that says nothing, or something twice."""

    code = "policy_form"

    def __init__(self, line: int, expected: str) -> None:
        super().__init__(f"policy, line {line}: expected {expected}, got something else")


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """At least ``threshold`` of the members, which are witnesses or groups."""

    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Keys and quorum.

    Attributes:
        logs: Keys that may sign the log.
        witnesses: Name in this file to key.
        groups: Name to group.
        quorum: A witness or group that must have cosigned, or ``none``.
    """

    logs: tuple[VerifierKey, ...]
    witnesses: Mapping[str, VerifierKey] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    quorum: str = NO_QUORUM

    def is_met_by(self, note: Note) -> bool:
        """Say whether the quorum has cosigned a note."""
        return self.quorum == NO_QUORUM or self._has_cosigned(self.quorum, note)

    def _has_cosigned(self, name: str, note: Note) -> bool:
        if name in self.witnesses:
            return cosigned_at(note, self.witnesses[name]) is not None
        group = self.groups[name]
        return sum(self._has_cosigned(member, note) for member in group.members) >= group.threshold

    def to_text(self) -> str:
        """Write the policy as a file."""
        lines = [f"log {key.vkey}" for key in self.logs]
        lines += [f"witness {name} {key.vkey}" for name, key in self.witnesses.items()]
        lines += [f"group {name} {group.threshold} {' '.join(group.members)}" for name, group in self.groups.items()]
        return "\n".join([*lines, f"quorum {self.quorum}", ""])

    @classmethod
    def k_of_n(cls, logs: tuple[VerifierKey, ...], witnesses: Mapping[str, VerifierKey], *, k: int) -> "Policy":
        """Make the usual policy: at least ``k`` of all witnesses; with 0, none is asked for."""
        if k == 0:
            return cls(logs=logs, witnesses=witnesses)
        groups = {"all-witnesses": Group(threshold=k, members=tuple(witnesses))}
        return cls(logs=logs, witnesses=witnesses, groups=groups, quorum="all-witnesses")

    @classmethod
    def parse(cls, text: str) -> "Policy":
        """Read a policy file.

        Raises:
            PolicyFormError: A line is not understood, a name or key stands twice, or log or quorum is missing.
            NoteFormError: A key is not one.
        """
        reader = _Reader()
        for number, line in enumerate(text.split("\n"), start=1):
            words = re.split(r"[ \t]+", line.strip(" \t"))
            if words[0] and not words[0].startswith("#"):
                reader.take(number, words)
        if not reader.logs or reader.quorum is None:
            raise PolicyFormError(0, "at least one log and exactly one quorum")
        return cls(logs=tuple(reader.logs), witnesses=reader.witnesses, groups=reader.groups, quorum=reader.quorum)


class _Reader:
    """Takes the lines of a policy file in order; a name must stand before it is used, so nothing can go in circles."""

    def __init__(self) -> None:
        self.logs: list[VerifierKey] = []
        self.witnesses: dict[str, VerifierKey] = {}
        self.groups: dict[str, Group] = {}
        self.quorum: str | None = None
        self._grouped: set[str] = set()

    def take(self, number: int, words: list[str]) -> None:
        match words:
            case ["log", vkey] | ["log", vkey, _]:
                self.logs.append(self._fresh_key(number, vkey, ED25519))
            case ["witness", name, vkey] | ["witness", name, vkey, _]:
                self._demand(number, self._is_fresh(name), "a new name")
                self.witnesses[name] = self._fresh_key(number, vkey, COSIGNATURE_V1)
            case ["group", name, threshold, *members] if members:
                self._demand(number, self._is_fresh(name), "a new name")
                self.groups[name] = self._group(number, threshold, members)
            case ["quorum", name] if self.quorum is None and (name == NO_QUORUM or not self._is_fresh(name)):
                self.quorum = name
            case _:
                raise PolicyFormError(number, "log, witness, group or one quorum")

    def _is_fresh(self, name: str) -> bool:
        return name != NO_QUORUM and name not in self.witnesses and name not in self.groups

    def _fresh_key(self, number: int, vkey: str, algorithm: int) -> VerifierKey:
        key = VerifierKey.parse(vkey)
        known = {other.public_key for other in (*self.logs, *self.witnesses.values())}
        self._demand(number, key.algorithm == algorithm and key.public_key not in known, "a new key of the right kind")
        return key

    def _group(self, number: int, threshold: str, members: list[str]) -> Group:
        # A witness that could count twice would make a quorum of fewer.
        known = all(member in self.witnesses or member in self.groups for member in members)
        once = len(set(members)) == len(members) and self._grouped.isdisjoint(members)
        self._demand(number, known and once, "members that are known and stand in one group")
        self._grouped.update(members)
        needed = {"any": "1", "all": str(len(members))}.get(threshold, threshold)
        in_range = needed in map(str, range(1, len(members) + 1))
        self._demand(number, in_range, f"a number from 1 to {len(members)}, any or all")
        return Group(threshold=int(needed), members=tuple(members))

    @staticmethod
    def _demand(number: int, holds: bool, expected: str) -> None:  # noqa: FBT001 - an assertion's operand
        if not holds:
            raise PolicyFormError(number, expected)
