"""Assesses, before a release is built, whether this source could be used live (LFR-10): ``make build`` runs it first.

Every row against live use must be settled, and every test that carries one of them must pass on this very source.
"""

import sys

from countersign.assurance.catalogue import AGAINST_LIVE_USE, read_assurance, unfit_for_release
from tests.assurance.marks import marked_tests
from tests.assurance.mutate import run


def main() -> int:
    """Tell what stands in the way; give 0 only where nothing does."""
    unfit = unfit_for_release(read_assurance())
    tests = sorted(
        {test for row, marked in marked_tests().items() if row.startswith(AGAINST_LIVE_USE) for test in marked}
    )
    if unfit or not tests or run(tests) != 0:
        sys.stderr.write(f"not fit for release: {', '.join(unfit) or 'a test against live use failed'}\n")
        return 1
    sys.stdout.write(f"{len(tests)} tests against live use pass\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
