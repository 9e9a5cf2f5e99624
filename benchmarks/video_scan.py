"""From a sealed recording to stills of everybody in it, against OpenCV's detector on every picture of the same one.

Ours is the whole operation: sandbox, decoding, detection, following, stills, entries, commits. The recording is 1080p
at 25 pictures a second. ``ratio`` is how many times faster than it plays; ``recall`` is the share of the tracks that
the peer's detections make of which ours keeps a still.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from benchmarks.parts.image_to_template import BENCHMARKS, environment
from benchmarks.parts.linked import Found, linked, share_shown
from benchmarks.parts.programme import THREADS, make_programme
from benchmarks.parts.recording import RATE, SIZE_PX, make_recording
from benchmarks.parts.report import report

from countersign.cli.demonstration.casework import Casework
from countersign.cli.demonstration.force import Force
from countersign.governance.permission import Permission
from countersign.governance.programme import ProgrammeKind
from countersign.inference.registry import load_registry
from countersign.media.sandbox.viewer import POOL
from countersign.operations.scan_exhibit import ScanExhibit, scan_exhibit

CLIPS = BENCHMARKS.parents[1] / "shared" / "data" / "video"
QUICK = "yunet-2023mar-bf16"
ROUNDS = 3
SCORES = (0.6, 0.7, 0.8, 0.9)
"""Lowest scores of the peer's detections at which its tracks are made; the last is its default."""
_LONG_AGO = timedelta(days=3)
_MS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One pass over the recording, in seconds of the clock and of all processors."""

    seconds: float
    processor_seconds: float


def compared() -> dict[str, object]:
    """Scan and have the peer detect in turn; see `benchmarks/README.md` for what comes back."""
    if not CLIPS.is_dir():
        print(f"skipped: expected clips in {CLIPS}, got none")
        raise SystemExit(0)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        recording = folder / "recording.mp4"
        make_recording(CLIPS, recording)
        force = make_programme(folder)
        force.open_programme(ProgrammeKind.TEST)
        _scanned(force, recording, "warm")
        rounds = [_scanned(force, recording, "first")]
        peer, faces, version = _peer(recording, folder)
        rounds += [_scanned(force, recording, f"round {number}") for number in range(1, ROUNDS)]
        stills, tracks, length_s = _stills(force)
    speeds = [length_s / one.seconds for one in rounds]
    recalls = {}
    for score in SCORES:
        theirs = linked(faces, lowest_score=score)
        recalls[str(score)] = {"tracks": len(theirs), "recall": round(share_shown(theirs, stills), 4)}
    return {
        "ours": round(statistics.median(speeds), 2),
        "peer": round(length_s / peer.seconds, 2),
        "unit": "x real time",
        "ratio": round(statistics.median(speeds), 2),
        "detail": {
            "ours": f"exhibit scan: sandbox, {QUICK} five times a second at 960 px, tracks, stills, entries",
            "peer": f"{version}, FaceDetectorYN on every picture at full size",
            "recall": min(one["recall"] for one in recalls.values()),
            "recall_by_lowest_score_of_the_peer": recalls,
            "recording": f"{SIZE_PX[0]} x {SIZE_PX[1]}, H.264, {RATE}/s, {length_s:.0f} s",
            "tracks": tracks,
            "stills": len(stills),
            "rounds": [asdict(one) for one in rounds],
            "peer_round": asdict(peer),
            "times_faster_than_peer": round(peer.seconds / statistics.median(one.seconds for one in rounds), 1),
            # On a machine that others use as well the clock tells of them; this is what two free cores would give.
            "x_real_time_by_processor_time": round(
                (os.cpu_count() or 1) * length_s / statistics.median(one.processor_seconds for one in rounds), 2
            ),
            "threads": THREADS,
            "processors": os.cpu_count(),
            "load_1_min": round(os.getloadavg()[0], 1),
        },
    }


def _scanned(force: Force, recording: Path, number: str) -> Round:
    """Seal the recording anew and scan it."""
    exhibit = Casework(force).seal(recording, taken=datetime.now(UTC) - _LONG_AGO, number=number)
    start, worked = time.perf_counter(), _processor_seconds()
    force.do("requester", Permission.EXHIBIT_SCAN, scan_exhibit, ScanExhibit(exhibit=exhibit.id))
    return Round(
        seconds=round(time.perf_counter() - start, 2), processor_seconds=round(_processor_seconds() - worked, 2)
    )


def _stills(force: Force) -> tuple[list[Found], int, float]:
    """Give the stills of the last scan, the number of its tracks and the recording's length in seconds."""
    with force.desk.archive.read() as work:
        scan = work.scans.where()[-1]
        tracks = work.tracks.where(scan=scan.id)
    stills = [
        Found(picture=round(still.time_ms * RATE / _MS), box_px=np.array(still.box_px, np.float32), score=still.score)
        for track in tracks
        for still in track.stills
    ]
    return stills, len(tracks), scan.duration_ms / _MS


def _peer(recording: Path, folder: Path) -> tuple[Round, list[Found], str]:
    """Have the peer look at every picture, in its own environment, with the same network's file."""
    registry = load_registry()
    network = folder / "detector.onnx"
    network.write_bytes(registry.read(registry.get("yunet-2023mar")))
    script = BENCHMARKS / "peers" / "opencv_video.py"
    command = [str(environment("opencv")), str(script), str(network), str(recording)]
    done = subprocess.run(command, input="\n", stdout=subprocess.PIPE, text=True, check=True)
    greeting, answer = map(json.loads, done.stdout.splitlines())
    faces = [
        Found(picture=int(number), box_px=np.array([x, y, x + width, y + height], np.float32), score=score)
        for number, x, y, width, height, score in answer["faces"]
    ]
    took = Round(seconds=round(answer["seconds"], 2), processor_seconds=round(answer["processor_seconds"], 2))
    return took, faces, str(greeting["version"])


def _processor_seconds() -> float:
    """Give what this process and its decoders, with their ended children, have worked."""
    ticks = os.sysconf("SC_CLK_TCK")
    decoders = [Path(f"/proc/{warm.process.pid}/stat") for warm in POOL._all]  # noqa: SLF001
    worked = [sum(map(int, stat.read_text().rpartition(")")[2].split()[11:15])) for stat in decoders]
    return time.process_time() + sum(worked) / ticks


if __name__ == "__main__":
    sys.stderr.write("making a recording, and looking at every picture of it with the peer: some minutes\n")
    report(Path(__file__).stem, compared())
