from dataclasses import replace

import pytest

from countersign.errors import Invalid
from countersign.media.exhibit import Depiction
from countersign.operations.sendings import FILE_LIMIT_BYTES, MOST_AT_ONCE
from tests.operations.scene import Scene, check_refused
from tests.operations.sent import ENTER, STATED, begin, kept


@pytest.mark.parametrize("size", [0, -1, FILE_LIMIT_BYTES + 1])
def test_a_file_of_no_bytes_or_too_many_is_refused(pilot: Scene, size: int):
    with check_refused(pilot, ENTER, "sending_size", family=Invalid):
        begin(pilot, size)


def test_a_file_of_just_the_limit_is_begun(pilot: Scene):
    assert begin(pilot, FILE_LIMIT_BYTES).received_bytes == 0


def test_what_is_stated_is_checked_before_a_byte_is_taken_in(pilot: Scene):
    with check_refused(pilot, ENTER, "not_a_photograph"):
        begin(pilot, 10, statement=replace(STATED, depiction=Depiction.DRAWING))
    assert kept(pilot) == []


def test_nobody_has_more_than_a_few_files_on_their_way(pilot: Scene):
    for _ in range(MOST_AT_ONCE):
        begin(pilot, 10)

    with check_refused(pilot, ENTER, "sendings_at_once"):
        begin(pilot, 10)


def test_others_than_requesters_send_nothing(pilot: Scene):
    with check_refused(pilot, ENTER, "not_permitted", spoke="policy"):
        begin(pilot, 10, "examiner")
