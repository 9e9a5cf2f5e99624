"""Enrolment of many images, sandbox on, into an encrypted collection, against describing the same images alone.

The images of the data folder are repeated under new subjects, in turns with runs that only describe them; the ratio is
the share of that rate which enrolment keeps. What is resident is written down as it goes, so that a run which is
stopped leaves its curve. Usage: enrol_bulk.py [NUMBER OF IMAGES] [EXTRACTOR].
"""

import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.parts.image_to_template import DATA, Round, describing, processor_seconds
from benchmarks.parts.programme import make_programme
from benchmarks.parts.report import RESULTS, report

from countersign.operations.engine import EXTRACTOR

NUMBER = 2_000
PART = 500
"""Images between two looks at memory."""
TURNS = 40
"""At most so many looks at the rate of describing alone: they would double a long run."""


def main() -> None:
    given = dict(enumerate(sys.argv))
    number, extractor = int(given.get(1, NUMBER)), given.get(2, EXTRACTOR)
    images = sorted(DATA.glob("*/*.jpg"))
    if not images:
        print(f"skipped: expected face images in {DATA}, got none")
        return
    with tempfile.TemporaryDirectory() as folder:
        report(Path(__file__).stem, measured(Path(folder), images, number, extractor))


def measured(folder: Path, images: list[Path], number: int, extractor: str) -> dict[str, object]:
    """Enrol part by part, and describe the same images alone after some; give rates, memory and sizes."""
    force = make_programme(folder, extractor=extractor)
    collection = force.register().id
    desk, told = force.desk, [(0, _resident_bytes())]
    force.desk = replace(desk, progress=lambda done, _all: told.append((enrolled + done, _resident_bytes())))
    enrolled, turns = 0, max(1, number // PART // TURNS)
    pairs: list[tuple[Round, Round]] = []
    for place, first in enumerate(range(0, number, PART)):
        chosen = [images[one % len(images)] for one in range(first, min(first + PART, number))]
        part = _laid_out(folder / f"part-{first}", chosen, first)
        start, worked = time.perf_counter(), processor_seconds()
        there = sum(one.outcome == "enrolled" for one in force.enrol(collection, part))
        whole = Round(
            seconds=time.perf_counter() - start, processor_seconds=processor_seconds() - worked, templates=there
        )
        enrolled += there
        shutil.rmtree(part)
        if place % turns == 0:
            pairs.append((whole, describing(desk.engine, chosen)()))
        _note(enrolled, whole, told[-1][1])
    shares = [bare.seconds / whole.seconds for whole, bare in pairs]
    return {
        "ours": round(PART / statistics.median(whole.seconds for whole, _ in pairs), 1),
        "peer": round(PART / statistics.median(bare.seconds for _, bare in pairs), 1),
        "unit": "images/s",
        "ratio": round(statistics.median(shares), 2),
        "detail": {
            "ours": "collection enrol: keys, encrypted files, rows, an entry a batch, log signed and witnessed",
            "peer": "the same description of the same files, without a collection",
            "extractor": extractor,
            "images": number,
            "enrolled": enrolled,
            "shares": [round(share, 2) for share in shares],
            "processor_ms_per_image": {
                side: round(1000 * statistics.median(one.processor_seconds for one in rounds) / PART, 1)
                for side, rounds in zip(("ours", "peer"), zip(*pairs, strict=True), strict=True)
            },
            "resident_mb": _curve(told),
            "load_1_min": round(os.getloadavg()[0], 1),
        },
    }


def _laid_out(part: Path, images: Sequence[Path], first: int) -> Path:
    for place, image in enumerate(images, start=first):
        target = part / f"subject-{place:07}" / image.name
        target.parent.mkdir(parents=True)
        target.write_bytes(image.read_bytes())
    return part


def _curve(told: Sequence[tuple[int, int]]) -> dict[int, int]:
    """Give what was resident at about twelve places of the run, the first batch and the end among them."""
    steps = max(1, (len(told) - 1) // 12)
    return {enrolled: resident >> 20 for enrolled, resident in [*told[1::steps], told[-1]]}


def _note(enrolled: int, whole: Round, resident_bytes: int) -> None:
    RESULTS.mkdir(exist_ok=True)
    with (RESULTS / "enrol_bulk.csv").open("a", encoding="ascii") as stream:
        stream.write(f"{enrolled},{resident_bytes >> 20},{whole.seconds:.1f},{whole.processor_seconds:.1f}\n")


def _resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    main()
