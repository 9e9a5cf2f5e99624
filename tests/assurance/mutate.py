"""Disables each rule in turn and expects red: ``make mutate-governance``; NAME=AUT-02 runs one row, NAME=all every row.

Without a name it runs the rows whose result no longer holds. What it saw goes into the package, with the digest of the
modules that it holds for. It ends with 1 when a rule could be disabled without any of its tests noticing.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from importlib import resources
from pathlib import Path
from xml.etree import ElementTree as ET

from countersign.assurance.catalogue import Mutation, Row, read_assurance, source_digest
from tests.assurance.marks import TESTS, marked_tests

RESULTS = Path(str(resources.files("countersign.assurance") / "results.json"))
FAILED = 1
"""What pytest ends with when tests ran and some failed; every other number above 0 is trouble of another kind."""


TIMEOUT_S = 600


class TroubleError(Exception):
    """Pytest could not run, or did not end: neither green nor red."""


def run(tests: list[str], mutant: str = "", *, extra: tuple[str, ...] = ("-x",)) -> int:
    """Run tests in a process of their own, with one enforcement disabled; give pytest's exit code."""
    with tempfile.TemporaryDirectory() as folder:
        options = ["-q", "--no-header", "-p", "no:cacheprovider", "--tb=short", *extra]
        if mutant:
            options += ["-p", "tests.assurance.mutant"]
        environment = {**os.environ, "COUNTERSIGN_MUTANT": mutant, "HYPOTHESIS_STORAGE_DIRECTORY": folder}
        command = [sys.executable, "-m", "pytest", *options, *tests]
        try:
            done = subprocess.run(
                command,
                cwd=TESTS.parent,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
                timeout=TIMEOUT_S if mutant else None,
            )
        except subprocess.TimeoutExpired as reason:
            raise TroubleError(f"{mutant} disabled: expected an end within {TIMEOUT_S} s, got none") from reason
    if done.returncode not in {0, FAILED}:
        raise TroubleError(
            f"{mutant or 'nothing'} disabled, {' '.join(tests)}:\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
        )
    if not mutant and done.returncode:
        sys.stderr.write(done.stdout[-3000:])
    return done.returncode


def seconds_by_test(tests: list[str]) -> dict[str, float] | None:
    """Run tests with nothing disabled and give how long each took, in seconds; None when one of them fails."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        if run(tests, extra=("-x", f"--junit-xml={report}")) != 0:
            return None
        taken: dict[str, float] = defaultdict(float)
        for case in ET.parse(report).iter("testcase"):  # noqa: S314  pytest's own report
            place = f"{case.get('classname')}.{str(case.get('name')).split('[')[0]}"
            taken[place] += float(case.get("time", 0))
    return {test: taken[test.replace(".py::", ".").replace("::", ".").replace("/", ".")] for test in tests}


def survivors(row: Row, tests: list[str]) -> list[str]:
    """Give the enforcements of a row that can be disabled without a test noticing."""
    return [name for name in row.enforced_by if not tests or run(tests, name) != FAILED]


def main(name: str) -> int:
    """Run the rows asked for, the quickest tests first, write what was seen, tell what survived."""
    marked = marked_tests()
    rows = [row for row in read_assurance().rows if row.enforced_by and row.id in marked]
    wanted = [row for row in rows if name == "all" or (row.id == name if name else row.mutation is not Mutation.KILLED)]
    seconds = seconds_by_test(sorted({test for row in wanted for test in marked[row.id]})) if wanted else {}
    if seconds is None:
        sys.stderr.write("expected the tests of these rows to pass with nothing disabled, got a failure\n")
        return 1
    ordered = {row.id: sorted(marked[row.id], key=lambda test: seconds[test]) for row in wanted}
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    lost = False
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for row, told in zip(wanted, pool.map(lambda row: _tried(row, ordered[row.id]), wanted), strict=True):
            lost = lost or told != Mutation.KILLED
            sys.stdout.write(f"{row.id:7} {told}\n")
            sys.stdout.flush()
            if told.startswith("trouble"):
                results.pop(row.id, None)
            else:
                results[row.id] = {
                    "mutation": Mutation.KILLED if told == Mutation.KILLED else Mutation.SURVIVED,
                    "source": source_digest(row.enforced_by),
                    "tests": marked[row.id],
                }
            RESULTS.write_text(json.dumps(dict(sorted(results.items())), indent=1) + "\n", encoding="utf-8")
    return int(lost)


def _tried(row: Row, tests: list[str]) -> str:
    """Say what became of a row; trouble with one row keeps no other from being tried."""
    try:
        left = survivors(row, tests)
    except TroubleError as reason:
        return f"trouble: {reason}"
    return f"survived: {', '.join(left)}" if left else Mutation.KILLED


if __name__ == "__main__":
    asked = sys.argv[1] if len(sys.argv) > 1 else ""
    if asked and not re.fullmatch(r"all|[A-Z]+-\d+", asked):
        sys.exit(f"expected a row's id, as AUT-02, or all, got {asked}")
    sys.exit(main(asked))
