import pytest

from countersign.errors import Conflict, Invalid
from countersign.operations.sendings import PART_BYTES
from countersign.primitives.digest import sha256
from tests.operations.scene import Scene, check_refused
from tests.operations.sent import ENTER, begin, extend, read, seal


def test_sending_goes_on_where_it_stopped(pilot: Scene, data: bytes):
    sending = begin(pilot, len(data))
    extend(pilot, sending, 0, data[:100])
    came = read(pilot, sending.id).received_bytes
    extend(pilot, sending, came, data[came:])

    assert came == 100
    assert seal(pilot, sending).sha256 == sha256(data)


def test_a_part_that_came_already_is_refused_and_changes_nothing(pilot: Scene, data: bytes):
    sending = begin(pilot, len(data))
    extend(pilot, sending, 0, data[:100])

    with check_refused(pilot, ENTER, "sending_place", family=Conflict):
        extend(pilot, sending, 0, data[:100])
    assert read(pilot, sending.id).received_bytes == 100


@pytest.mark.parametrize(("size", "part"), [(10, b""), (10, bytes(11)), (2 * PART_BYTES, bytes(PART_BYTES + 1))])
def test_a_part_that_is_empty_too_large_or_beyond_the_end_is_refused(pilot: Scene, size: int, part: bytes):
    sending = begin(pilot, size)

    with check_refused(pilot, ENTER, "sending_size", family=Invalid):
        extend(pilot, sending, 0, part)
