"""Files sent in parts: held sealed, forgotten in time, never looked at before they are whole."""

from dataclasses import replace

import pytest

from countersign.errors import Conflict, CountersignError, NotFound
from countersign.operations.seal_exhibit import LIMIT_BYTES
from countersign.primitives.digest import sha256
from countersign.primitives.privacy import Privacy
from tests.fakes import Face
from tests.operations.films import film
from tests.operations.scene import SOUGHT, Scene, check_refused
from tests.operations.sent import ENTER, STATED, begin, extend, kept, read, seal, send


def test_a_file_sent_in_parts_is_sealed_as_the_file_it_was(pilot: Scene, data: bytes):
    exhibit = seal(pilot, send(pilot, data))

    with pilot.reading() as work:
        found = work.exhibits.get(exhibit.id)
        assert work.blobs.get(found.blob, key=found.key) == data
    assert (found.sha256, found.size_bytes) == (sha256(data), len(data))
    assert pilot.last().kind == "exhibit.sealed"
    assert kept(pilot) == []


def test_a_recording_sent_in_parts_is_sealed_too(pilot: Scene):
    recording = film(pilot.folder / "pictures" / "film.mp4", [[Face(person=SOUGHT)]] * 3).read_bytes()

    assert seal(pilot, send(pilot, recording)).sha256 == sha256(recording)


def test_nothing_of_a_file_on_its_way_is_recorded_or_can_be_read_on_the_disk(pilot: Scene, data: bytes):
    before = len(pilot.entries())
    sending = send(pilot, data)

    parts = [path.read_bytes() for path in kept(pilot)]
    assert len(parts) == 2
    assert not any(data[at : at + 16] in part for part in parts for at in range(0, len(data) - 16, 16))
    assert len(pilot.entries()) == before
    assert read(pilot, sending.id).is_whole


def test_a_file_that_is_not_whole_is_not_looked_at(pilot: Scene, data: bytes):
    sending = begin(pilot, len(data))
    extend(pilot, sending, 0, data[:100])

    with check_refused(pilot, ENTER, "sending_not_whole", family=Conflict):
        seal(pilot, sending)
    assert read(pilot, sending.id).received_bytes == 100


def test_what_is_stated_wrongly_is_put_right_without_sending_again(pilot: Scene, data: bytes):
    sending = send(pilot, data)
    with check_refused(pilot, ENTER, "intimate_imagery"):
        seal(pilot, sending, replace(STATED, privacy=Privacy.INTIMATE))

    assert seal(pilot, sending).sha256 == sha256(data)


@pytest.mark.parametrize(("content", "code"), [(b"no picture at all", "undecodable"), (b"#EXTM3U\n", "playlist")])
def test_a_file_that_is_refused_is_destroyed(pilot: Scene, content: bytes, code: str):
    sending = send(pilot, content)

    with pytest.raises(CountersignError) as refused:
        seal(pilot, sending)
    assert code in refused.value.code
    assert kept(pilot) == []
    with pytest.raises(NotFound):
        read(pilot, sending.id)


def test_a_picture_beyond_the_limit_for_pictures_is_refused_before_it_is_held_in_memory(pilot: Scene):
    sending = begin(pilot, LIMIT_BYTES + 1)
    sendings = pilot.desk.sendings
    first = sendings.extend(sending.id, b"\x89PNG", 0)
    sendings.all_of(first.person, pilot.clock.now())
    sendings._held[sending.id].sending = replace(first, received_bytes=LIMIT_BYTES + 1)  # type: ignore[attr-defined]  # noqa: SLF001

    with check_refused(pilot, ENTER, "input_is_oversize"):
        seal(pilot, sending)
