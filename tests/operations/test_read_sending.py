import re
from datetime import timedelta

import pytest

from countersign.errors import CountersignError, NotFound
from countersign.governance.actor import Role
from countersign.operations.sendings import KEPT
from countersign.primitives.ids import SendingId
from tests.operations.scene import Scene, check_refused
from tests.operations.sent import ENTER, begin, extend, kept, read, send


def test_somebody_elses_file_is_refused_as_if_it_did_not_exist(pilot: Scene, data: bytes):
    pilot.hire("second requester", Role.REQUESTER)
    sending = begin(pilot, len(data))

    with check_refused(pilot, ENTER, "sending_gone", family=NotFound):
        read(pilot, sending.id, "second requester")
    with check_refused(pilot, ENTER, "sending_gone", family=NotFound):
        extend(pilot, sending, 0, data[:10], "second requester")


def test_a_file_on_its_way_is_forgotten_in_time(pilot: Scene, data: bytes):
    sending = send(pilot, data)
    pilot.clock.advance(KEPT)
    assert read(pilot, sending.id).is_whole
    pilot.clock.advance(timedelta(seconds=1))

    with check_refused(pilot, ENTER, "sending_gone", family=NotFound):
        read(pilot, sending.id)
    assert kept(pilot) == []


def test_a_process_that_died_leaves_nothing_that_opens_and_the_next_one_sweeps_it(pilot: Scene, data: bytes):
    sending = send(pilot, data)
    pilot.close()
    again = Scene(folder=pilot.folder, clock=pilot.clock, keys=pilot.keys)

    with pytest.raises(NotFound):
        read(again, sending.id)
    again.installation.sendings.sweep()
    assert kept(again) == []
    again.close()


def test_parts_that_were_exchanged_do_not_open(pilot: Scene):
    sending = begin(pilot, 20)
    extend(pilot, sending, 0, b"a" * 10)
    extend(pilot, sending, 10, b"b" * 10)
    first, second = sorted(kept(pilot))
    one, two = first.read_bytes(), second.read_bytes()
    first.write_bytes(two)
    second.write_bytes(one)

    with pytest.raises(CountersignError, match=re.escape("does not open")):
        list(pilot.desk.sendings.blocks(sending.id))
    with pytest.raises(NotFound):
        list(pilot.desk.sendings.blocks(SendingId("0" * 32)))
