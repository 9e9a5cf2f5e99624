"""From the start of Python to the first template: imports, networks, the sandbox, one photograph; no peer.

``ratio`` is what is allowed as a share of what it took: above 1 is within it. Usage: start_up.py [ROUNDS].
"""

import os
import statistics
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

from benchmarks.parts.image_to_template import DATA, EXTRACTORS
from benchmarks.parts.report import report

ROUNDS = 7
ALLOWED_S = 3.0
_STEPS = """
import sys, time
began = time.time()
from countersign.bootstrap import open_engine
from countersign.media.intake import read_file
from countersign.media.sandbox.decoder import decode_image
from countersign.operations.describe_pictures import Description, describe_pictures
from countersign.settings import Settings
imported = time.time()
path, extractor = sys.argv[1:]
picture = decode_image(read_file(path, limit_bytes=1 << 26).data)
decoded = time.time()
engine = open_engine(Settings(threads=2, extractor=extractor))
((_, described),) = describe_pictures(engine, [(None, picture)], threads=2)
assert isinstance(described, Description), described
print(began, imported, decoded, time.time())
"""


def main() -> None:
    rounds = int(dict(enumerate(sys.argv)).get(1, ROUNDS))
    image = next(DATA.glob("*/*.jpg"), None)
    if image is None:
        print(f"skipped: expected face images in {DATA}, got none")
        return
    taken = {extractor: [started(image, extractor) for _ in range(rounds)] for extractor in EXTRACTORS}
    whole = {extractor: statistics.median(sum(steps) for steps in each) for extractor, each in taken.items()}
    default = EXTRACTORS[0]
    names = ("python", "imports", "first_decoding", "networks_and_first_template")
    report(
        Path(__file__).stem,
        {
            "ours": round(whole[default], 2),
            "peer": ALLOWED_S,
            "unit": "s",
            "ratio": round(ALLOWED_S / whole[default], 2),
            "detail": {
                "ours": "a new process that decodes one photograph in the sandbox and describes it",
                "peer": "what is allowed",
                "median_s": {extractor: round(seconds, 2) for extractor, seconds in whole.items()},
                "steps_s": {
                    name: round(statistics.median(column), 2)
                    for name, column in zip(names, zip(*taken[default], strict=True), strict=True)
                },
                "rounds": rounds,
                "load_1_min": round(os.getloadavg()[0], 1),
            },
        },
    )


def started(image: Path, extractor: str) -> list[float]:
    """Give the seconds that each step took, from before the process was there."""
    start = time.time()
    command = [sys.executable, "-c", _STEPS, str(image), extractor]
    answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    moments = [start, *map(float, answer.split())]
    return [after - before for before, after in pairwise(moments)]


if __name__ == "__main__":
    main()
