"""Enrolment of many images, sandbox on, into an encrypted collection, against describing the same images alone.

The images of the data folder are repeated under new subjects by links, in turns with runs that only describe them; the
ratio is the share of that rate which enrolment keeps. Usage: enrol_bulk.py [NUMBER OF IMAGES].
"""

import os
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from benchmarks.parts.image_to_template import DATA, ours
from benchmarks.parts.programme import test_programme
from benchmarks.parts.report import report

from countersign.operations.engine import EXTRACTOR

NUMBER = 2_000
PART = 500
"""Images between two looks at the rate of describing alone."""


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else NUMBER
    images = sorted(DATA.glob("*/*.jpg"))
    if not images:
        print(f"skipped: expected face images in {DATA}, got none")
        return
    with tempfile.TemporaryDirectory() as folder:
        report(Path(__file__).stem, measured(Path(folder), images, number))


def measured(folder: Path, images: list[Path], number: int) -> dict[str, object]:
    """Enrol part by part and describe a part's images alone after each; give rates, memory and sizes."""
    force = test_programme(folder)
    collection = force.register().id
    desk, told = force.desk, [(0, _resident_bytes())]
    force.desk = replace(desk, progress=lambda done, _all: told.append((done, _resident_bytes())))
    enrolled, seconds, alone = 0, [], []
    for first in range(0, number, PART):
        chosen = [images[place % len(images)] for place in range(first, min(first + PART, number))]
        part = folder / f"part-{first}"
        for place, image in enumerate(chosen, start=first):
            target = part / f"subject-{place:07}" / image.name
            target.parent.mkdir(parents=True)
            target.write_bytes(image.read_bytes())
        start = time.perf_counter()
        enrolled += sum(one.outcome == "enrolled" for one in force.enrol(collection, part))
        seconds.append((time.perf_counter() - start) / len(chosen))
        alone.append(ours(EXTRACTOR, chosen)().seconds / len(chosen))
    shares = [bare / whole for whole, bare in zip(seconds, alone, strict=True)]
    return {
        "ours": round(1 / statistics.median(seconds), 1),
        "peer": round(1 / statistics.median(alone), 1),
        "unit": "images/s",
        "ratio": round(statistics.median(shares), 2),
        "detail": {
            "ours": "collection enrol: keys, encrypted files, rows, an entry a batch, log signed and witnessed",
            "peer": "the same description of the same files, without a collection",
            "images": number,
            "enrolled": enrolled,
            "shares": [round(share, 2) for share in shares],
            "resident_mb": {"after_first_batch": told[1][1] >> 20, "at_end": told[-1][1] >> 20},
            "load_1_min": round(os.getloadavg()[0], 1),
        },
    }


def _resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    main()
