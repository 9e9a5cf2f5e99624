"""A recording of many hours takes no more memory than one of a few minutes: one minute is played again and again."""

import os
import resource
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import av
import pytest
from av.video.stream import VideoStream

from countersign.governance.permission import Permission
from countersign.operations.scan_exhibit import ScanExhibit, scan_exhibit
from tests.fakes import Face
from tests.operations.films import NOBODY, film
from tests.operations.scene import LONG_AGO, Scene, Stage

LONG = os.environ.get("COUNTERSIGN_LONG") == "1"
MINUTES = 600 if LONG else 6
FOR_EACH_MINUTE = 3
GROWTH_BYTES = 24 << 20
SOMEBODY = [[Face(person=44), NOBODY]] * 10 + [[NOBODY, NOBODY]] * 90


def looped(minute: Path, file: Path, times: int) -> Path:
    """Write the packets of a recording again and again, each time a minute later; nothing is encoded anew."""
    with av.open(str(minute), "r") as given, av.open(str(file), "w") as made:
        video = given.streams.video[0]
        packets = [packet for packet in given.demux(video) if packet.dts is not None]
        length = sum(packet.duration or 0 for packet in packets)
        stream = made.add_stream_from_template(video)
        assert isinstance(stream, VideoStream)
        for number in range(times):
            for packet in packets:
                again = av.Packet(bytes(packet))
                again.pts, again.dts = (packet.pts or 0) + number * length, (packet.dts or 0) + number * length
                again.time_base, again.duration, again.is_keyframe = (
                    packet.time_base,
                    packet.duration,
                    packet.is_keyframe,
                )
                again.stream = stream
                made.mux(again)
    return file


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


@pytest.mark.long
def test_memory_stays_flat_over_hours_and_every_track_is_found_once(at: Callable[[Stage], Scene]):
    scene = at(Stage.PILOT)
    minute = film(scene.folder / "pictures" / "minute.mp4", SOMEBODY * FOR_EACH_MINUTE, each=5, every_key=250)
    exhibit = scene.casework.seal(looped(minute, minute.with_name("hours.mp4"), MINUTES), taken=LONG_AGO)
    held: list[tuple[int, int]] = []
    scene.force.desk = replace(
        scene.force.desk,
        progress=lambda done, _all: held.append((done, resident_bytes())) if done % 5000 == 0 else None,
    )
    found = scene.force.do("requester", Permission.EXHIBIT_SCAN, scan_exhibit, ScanExhibit(exhibit=exhibit.id))
    warm = max(size for done, size in held if done <= found.duration_ms // 3)

    assert found.duration_ms >= (MINUTES - 1) * 60_000
    assert found.tracks == MINUTES * FOR_EACH_MINUTE
    assert max(size for _, size in held) - warm < GROWTH_BYTES
