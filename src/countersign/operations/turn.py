"""One command's turns at the desk: what an operation may use, and what is recorded of it.

Rules of a turn (authorise → do → record → commit):

0. The log must be the one that was signed and witnessed before; on a contested history nothing is done or recorded.
1. The command's signature is checked against a registered person's key, or against that of a session which may sign
   for a person, with a passkey's assertion where that is not enough (`signer`); its nonce is used up.
2. The policy says whether this person may call this operation at all.
3. The operation does its work and records at least one entry. Without an entry nothing is committed.
4. Effect and entry are committed together, then the log is signed and witnessed: failing at that is only a warning.
5. What was refused is undone and leaves one ``denied`` entry instead.

Most operations take one turn (`operation`). Enrolment and search take several (`operation_in_turns`): each is such a
transaction of its own, and dying between two of them leaves a state that the operation's own docstring names.
"""

import functools
import logging
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from countersign.errors import CountersignError, IntegrityBroken, Refused
from countersign.governance.actor import Person
from countersign.governance.gate import demand, resource
from countersign.governance.permission import Permission
from countersign.governance.policy_pack import PolicyPack, pack_of
from countersign.governance.programme import Artefact, Programme
from countersign.governance.programme_standing import may_search
from countersign.governance.signature import SignatureError
from countersign.governance.verdict import Verdict, check, require
from countersign.ledger.entry import Entry
from countersign.ledger.event import EventKind
from countersign.operations.command import Command
from countersign.operations.desk import PROGRAMME_ID, Desk
from countersign.operations.recording import pack_artefact, record_entry
from countersign.operations.signer import check_in_service, count_use, find_signer, verify_signer
from countersign.operations.work import LeftoversError, Work
from countersign.primitives.digest import EMPTY, Sha256
from countersign.primitives.ids import CaseId, KeyId, PersonId

_LOG = logging.getLogger(__name__)

NOBODY_ASKED = {SignatureError.code, "nonce_used"}
"""Reasons of a refusal that leave open who asked."""

UNREAD_ALLOWED = frozenset(
    {
        *(Permission.POLICY_ACKNOWLEDGE, Permission.PROGRAMME_SUBMIT, Permission.PROGRAMME_ADVANCE),
        *(Permission.PERSON_ADD, Permission.PERSON_IMPORT, Permission.PERSON_BAR, Permission.SEARCH_RECOVER),
        *(Permission.LEDGER_EXPORT, Permission.LEDGER_VERIFY, Permission.CLOCK_RUN),
        *(Permission.ACCOUNT_INVITE, Permission.ACCOUNT_OPEN, Permission.ACCOUNT_LINK),
        *(Permission.SESSION_OPEN, Permission.SESSION_END),
    }
)
"""What goes on unread: stopping use, blocking leavers, time limits, recovery, the log, and signing in to read it."""

A = TypeVar("A")
R = TypeVar("R")


class NoEntryError(IntegrityBroken):
    """An operation had an effect and recorded nothing: a fault of ours, so nothing is kept."""

    code = "no_entry"


class NoPolicyPackError(Refused):
    """Nothing can be asked while no policy pack is in force."""

    code = "policy_pack_missing"


@dataclass(slots=True, kw_only=True)
class Turn:
    """One transaction of one command, and all that an operation may use."""

    work: Work
    desk: Desk
    command: Command[object]
    actor: Person
    now: datetime
    recorded: list[Entry] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The day of this turn, UTC."""
        return self.now.date()

    @property
    def programme(self) -> Programme:
        """The programme as it stands in this transaction."""
        return self.work.programmes.get(PROGRAMME_ID)

    def artefacts(self) -> list[Artefact]:
        """Give the current artefact of every type there is one of."""
        return self.work.artefacts.where(current=True)

    @property
    def pack(self) -> PolicyPack:
        """The policy pack in force."""
        artefact = pack_artefact(self.work)
        if artefact is None:
            raise NoPolicyPackError("expected a signed policy pack, got none: submit one with `programme submit`")
        return pack_of(artefact.content)

    @property
    def pack_sha256(self) -> Sha256:
        """Digest of the policy pack in force."""
        artefact = pack_artefact(self.work)
        return artefact.sha256 if artefact else EMPTY

    def demand(
        self,
        permission: Permission,
        *,
        of: Person | None = None,
        requesters: Iterable[PersonId] = (),
        officers: Iterable[PersonId] = (),
    ) -> None:
        """Ask the policy again, now that it is known whose request this is, or of a second person."""
        demand(
            of or self.actor,
            permission,
            resource(permission, requesters=frozenset(requesters), officers=frozenset(officers)),
        )

    def history(self) -> list[Artefact]:
        """Give every version of every artefact, so that what changed between them can be seen (GOV-11)."""
        return self.work.artefacts.where()

    def in_use(self) -> Verdict:
        """Say whether the programme is one that searches, and whether all that this rests on holds (GOV-07)."""
        return may_search(self.programme, self.history(), self.now)

    def check_in_use(self) -> None:
        """Refuse in a programme that is not searching, or one of whose documents ran out: use stops, whole (GOV-07)."""
        self.check(self.in_use())

    def check(self, *verdicts: Verdict) -> None:
        """Raise for the first verdict that says no."""
        check(*verdicts)

    def record(
        self,
        kind: EventKind,
        facts: Mapping[str, str | int] | None = None,
        *,
        committed: Mapping[str, object] | None = None,
        case: CaseId | None = None,
        key: KeyId | None = None,
        unopened: Container[str] = (),
    ) -> Entry:
        """Append the entry of what this turn does.

        Args:
            kind: What happened.
            facts: Exactly the facts of that kind.
            committed: Values to commit to. Their openings are sealed under ``key`` and are erased with it.
            case: The case's pseudonym, where there is one.
            key: Case or record key; the actor's own without one.
            unopened: Names of values, ``arguments`` among them, whose openings are not kept.
        """
        signed = {"arguments": self.command.arguments, "signature": self.command.proof}
        values = {**(committed or {}), **signed}
        entry = record_entry(
            self.work, self.desk, kind, self.actor, facts or {}, values, case=case, key=key, unopened=unopened
        )
        self.recorded.append(entry)
        return entry


@dataclass(slots=True)
class Turns:
    """Gives an operation its transactions, one after another, all for one authenticated command."""

    desk: Desk
    command: Command[object]
    permission: Permission
    begun: bool = False
    verified: bool = False
    sign_count: int | None = None

    @contextmanager
    def look(self) -> Iterator[Turn]:
        """Open a turn that only reads: the command is checked, nothing can be recorded."""
        with self.desk.archive.read() as work:
            yield self._authorised(work)

    @contextmanager
    def turn(self) -> Iterator[Turn]:
        """Open a writing turn; the command's first one uses up its nonce. The policy is asked each time."""
        with self.desk.archive.begin() as work:
            self.desk.check(work.ledger)
            turn = self._authorised(work)
            if not self.begun:
                work.nonces.use(self.command.signed.nonce)
                if self.command.assertion and self.sign_count is not None:
                    count_use(work, turn.actor.id, self.command.assertion, self.sign_count)
            yield turn
            check_recorded(turn, self.permission)
            work.commit()
        self.begun = True
        # Dying here loses nothing: the entry is durable and the next operation signs the log.
        self.desk.seal()

    def _authorised(self, work: Work) -> Turn:
        now = self.desk.clock.now()
        actor = find_signer(work, self.command).person
        check_in_service(actor)
        if not self.begun:
            self.sign_count = verify_signer(work, self.command, self.permission, now)
        self.verified = True
        demand(actor, self.permission, resource(self.permission))
        if self.permission not in UNREAD_ALLOWED:
            check(acknowledged(actor, pack_artefact(work)))
        return Turn(work=work, desk=self.desk, command=self.command, actor=actor, now=now)


def acknowledged(person: Person, pack: Artefact | None) -> Verdict:
    """Refuse a person who has not said to have read the pack in force: a new version binds nobody unread (GOV-10)."""
    return require(
        pack is None or person.acknowledged == pack.sha256,
        "policy_unread",
        f"expected a person who acknowledged policy {pack.version if pack else ''}, got one who did not: "
        "`countersign policy acknowledge`",
    )


def check_recorded(turn: Turn, permission: Permission) -> None:
    """Let nothing be committed that left no entry: no log, no operation (LOG-01, LOG-06)."""
    if not turn.recorded:
        raise NoEntryError(f"expected {permission} to record an entry, got none")


def operation_in_turns(permission: Permission) -> Callable[[Callable[[Turns, A], R]], Callable[[Desk, Command[A]], R]]:
    """Make a function into an operation that opens its own turns; what it refuses is recorded as ``denied``."""

    def wrap(do: Callable[[Turns, A], R]) -> Callable[[Desk, Command[A]], R]:
        @functools.wraps(do)
        def run(desk: Desk, command: Command[A]) -> R:
            turns = Turns(desk, command, permission)
            try:
                return do(turns, command.arguments)
            except LeftoversError:
                raise  # it is done, so nothing was denied; what is left over must be told all the same
            except CountersignError as reason:
                record_denial(turns, reason)
                raise

        return run

    return wrap


def operation(permission: Permission) -> Callable[[Callable[[Turn, A], R]], Callable[[Desk, Command[A]], R]]:
    """Make a function into an operation of one turn."""

    def wrap(do: Callable[[Turn, A], R]) -> Callable[[Desk, Command[A]], R]:
        @operation_in_turns(permission)
        @functools.wraps(do)
        def run(turns: Turns, arguments: A) -> R:
            with turns.turn() as turn:
                return do(turn, arguments)

        return run

    return wrap


def record_denial(turns: Turns, reason: CountersignError) -> None:
    """Record that a command was refused and by which of the two: the policy or a guard.

    Where even that cannot be written the refusal still stands, for its own reason: nothing was done, so nothing is
    missing from the log.
    """
    try:
        _append_denial(turns, reason)
    except CountersignError as failure:
        _LOG.warning("the refusal could not be recorded: %s", failure)
    else:
        turns.desk.seal()


def _append_denial(turns: Turns, reason: CountersignError) -> None:
    desk, command = turns.desk, turns.command
    spoke = reason.spoke if isinstance(reason, Refused) else "guard"
    with desk.archive.begin() as work:
        desk.check(work.ledger)
        # Without a signature that holds, and for the first time, nobody is named: the key's owner did not ask for this.
        asked = turns.verified and reason.code not in NOBODY_ASKED
        actor = find_signer(work, command).person if asked else None
        facts = {"operation": str(turns.permission), "reason": reason.code, "spoke": spoke}
        committed = {"arguments": command.arguments, "signature": command.proof}
        # What was asked in vain may name anybody, and no case or record key would ever erase it.
        record_entry(work, desk, EventKind.DENIED, actor, facts, committed, unopened={"arguments"})
        work.commit()
