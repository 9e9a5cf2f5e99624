import errno
import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from countersign.errors import Conflict, IntegrityBroken, Invalid
from countersign.governance.permission import Permission
from countersign.governance.register import CollectionClass, ImageOrigin
from countersign.governance.signature import SignatureError, generate, public_hex
from countersign.operations.command import Command, sign_command
from countersign.operations.erase_record import EraseRecord, ErasureRule, erase_record
from countersign.operations.register_collection import RegisterCollection, register_collection
from countersign.operations.turn import NoEntryError, NoPolicyPackError, Turn, operation
from countersign.operations.work import LeftoversError
from countersign.primitives.ids import EntrySeq
from tests.operations.scene import SOUGHT, Scene, check_refused

REGISTER = Permission.COLLECTION_REGISTER
ARGUMENTS = RegisterCollection(
    name="test images",
    collection_class=CollectionClass.CUSTODY,
    origin=ImageOrigin.SYNTHETIC,
    controller="a force",
    legal_power="a power",
    purpose="a purpose",
    retention_rule="a rule",
    provenance="drawn",
)


def signed(scene: Scene, who: str = "owner") -> Command[RegisterCollection]:
    return sign_command(REGISTER, ARGUMENTS, scene.keys[who], scene.clock)


def test_an_entry_names_who_acted_and_commits_to_the_signed_arguments(founded: Scene):
    register_collection(founded.desk, signed(founded))

    entry = founded.last()
    assert entry.actor == founded.person("owner").id
    assert {"arguments", "signature"} <= set(entry.commit)
    assert entry.programme_state == "proposed"
    with founded.reading() as work:
        assert set(work.openings.get(EntrySeq(entry.seq)) or {}) == set(entry.commit)


@pytest.mark.row("LOG-11")
def test_a_denied_entry_names_who_was_refused_and_keeps_the_reason_sealed(founded: Scene):
    with check_refused(founded, REGISTER, "not_permitted", spoke="policy"):
        register_collection(founded.desk, signed(founded, "requester"))

    entry = founded.last()
    assert entry.actor == founded.person("requester").id
    assert set(entry.commit) == {"arguments", "signature"}


def test_a_replayed_command_is_refused(founded: Scene):
    command = signed(founded)
    register_collection(founded.desk, command)

    with check_refused(founded, REGISTER, "nonce_used", family=Conflict):
        register_collection(founded.desk, command)


def test_altered_arguments_are_refused_and_name_nobody(founded: Scene):
    altered = replace(signed(founded), arguments=replace(ARGUMENTS, name="other images"))

    with check_refused(founded, REGISTER, "signature"):
        register_collection(founded.desk, altered)
    assert founded.last().actor == "system"


def test_a_signature_over_another_operation_is_refused(founded: Scene):
    command = sign_command(Permission.COLLECTION_ENROL, ARGUMENTS, founded.keys["owner"], founded.clock)

    with check_refused(founded, REGISTER, "signature"):
        register_collection(founded.desk, command)


def test_a_signature_in_somebody_elses_name_is_refused(founded: Scene):
    command = replace(signed(founded, "requester"), public_key=public_hex(founded.keys["owner"]))

    with check_refused(founded, REGISTER, "signature"):
        register_collection(founded.desk, command)


def test_a_stale_signature_is_refused_after_five_minutes_and_not_before(founded: Scene):
    fresh, stale = signed(founded), signed(founded)
    founded.clock.advance(timedelta(minutes=5))
    register_collection(founded.desk, fresh)
    founded.clock.advance(timedelta(milliseconds=1))

    with check_refused(founded, REGISTER, "signature"):
        register_collection(founded.desk, stale)


def test_a_key_that_nobody_registered_is_refused_and_nothing_is_committed_to(founded: Scene):
    command = sign_command(REGISTER, ARGUMENTS, generate(), founded.clock)

    with check_refused(founded, REGISTER, "signature"):
        register_collection(founded.desk, command)
    assert (founded.last().actor, dict(founded.last().commit)) == ("system", {})


def test_without_a_policy_pack_what_needs_one_is_refused(founded: Scene):
    @operation(REGISTER)
    def ask_the_pack(turn: Turn, _arguments: RegisterCollection) -> str:
        return turn.pack.version

    with check_refused(founded, REGISTER, "policy_pack_missing") as raised:
        ask_the_pack(founded.desk, signed(founded))
    assert raised.type is NoPolicyPackError


@pytest.mark.row("LOG-01", "LOG-06")
def test_an_effect_without_an_entry_is_refused_and_undone(founded: Scene):
    @operation(REGISTER)
    def forget_to_record(turn: Turn, _arguments: RegisterCollection) -> None:
        turn.work.keys.create()

    with check_refused(founded, REGISTER, "no_entry", family=IntegrityBroken) as raised:
        forget_to_record(founded.desk, signed(founded))
    assert raised.type is NoEntryError


def test_a_crash_in_the_middle_leaves_neither_effect_nor_entry(founded: Scene):
    @operation(REGISTER)
    def crash(turn: Turn, _arguments: RegisterCollection) -> None:
        turn.work.keys.create()
        raise KeyboardInterrupt

    before, seq = founded.state(), len(founded.entries())
    with pytest.raises(KeyboardInterrupt):
        crash(founded.desk, signed(founded))
    assert (founded.state(), founded.entries(seq)) == (before, [])


def test_a_refusal_that_cannot_be_recorded_still_stands(founded: Scene, caplog: pytest.LogCaptureFixture):
    def broken(_log: object) -> None:
        raise IntegrityBroken("expected the log that was signed, got another")

    desk = replace(founded.desk, check=broken)
    before = founded.state()
    with caplog.at_level(logging.WARNING), pytest.raises(IntegrityBroken):
        register_collection(desk, signed(founded))
    assert founded.state() == before
    assert "could not be recorded" in caplog.text


def test_a_refusal_that_is_no_rule_counts_as_a_guards(founded: Scene):
    @operation(REGISTER)
    def misread(_turn: Turn, _arguments: RegisterCollection) -> None:
        raise Invalid("expected sense, got none")

    with check_refused(founded, REGISTER, "invalid", family=Invalid) as raised:
        misread(founded.desk, signed(founded))
    assert not isinstance(raised.value, SignatureError)


def test_what_is_done_but_left_something_over_is_told_and_never_called_denied(
    enrolled: Scene, monkeypatch: pytest.MonkeyPatch
):
    def broken(_self: Path) -> None:
        raise OSError(errno.EIO, "Input/output error")

    seq = len(enrolled.entries())
    monkeypatch.setattr(Path, "unlink", broken)
    arguments = EraseRecord(collection=enrolled.ids.collection, subject=str(SOUGHT), rule=ErasureRule.UNLAWFUL)
    with pytest.raises(LeftoversError, match="committed, but"):
        enrolled.force.do("owner", Permission.RECORD_ERASE, erase_record, arguments)
    monkeypatch.undo()

    assert [entry.kind for entry in enrolled.entries(seq)] == ["record.erased"]
