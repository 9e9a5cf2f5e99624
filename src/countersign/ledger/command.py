"""The command `countersign-verify`: verifies an export and says what it found."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from countersign.errors import CountersignError
from countersign.ledger.policy import Policy
from countersign.ledger.verify import Verification, verify_export

CLEAN, FOUND, USAGE = 0, 1, 2
SELF_ASSERTED = (
    "The keys came from the export itself. This shows only that the export fits together: whoever holds the log's key\n"
    "could have written another history. Use --policy with keys from elsewhere, --checkpoint with one kept elsewhere,\n"
    "or both."
)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="countersign-verify",
        description="Verify an export of a Countersign log. Needs nothing but Python and the export.",
        epilog="exit status: 0 nothing found, 1 something found, 2 wrong usage",
    )
    parser.add_argument("export", type=Path, help="folder of the export")
    parser.add_argument("--policy", type=Path, help="keys of the log and its witnesses, from a source of your own")
    parser.add_argument(
        "--checkpoint",
        type=Path,
        action="append",
        default=[],
        help="a signed checkpoint of this log that was kept elsewhere; may be given several times",
    )
    parser.add_argument("--json", action="store_true", help="write one JSON object")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        argv: Arguments; None takes those of the process.

    Returns:
        0 when nothing was found, 1 when something was, 2 when a file of the caller's own cannot be read.
    """
    parser = _arguments()
    arguments = parser.parse_args(argv)
    try:
        policy = Policy.parse(arguments.policy.read_text("utf-8")) if arguments.policy else None
        evidence = [file.read_bytes() for file in arguments.checkpoint]
    except (OSError, UnicodeDecodeError, CountersignError) as error:
        sys.stderr.write(f"{parser.prog}: {error}\n")
        return USAGE
    verification = verify_export(arguments.export, policy=policy, evidence=evidence)
    sys.stdout.write(_as_json(verification) if arguments.json else _as_text(verification))
    return CLEAN if verification.is_clean else FOUND


def _as_json(verification: Verification) -> str:
    return json.dumps(asdict(verification), indent=2, sort_keys=True) + "\n"


def _as_text(verification: Verification) -> str:
    lines = [
        f"log        {verification.origin or 'unknown'}",
        f"entries    {verification.size}",
        f"root       {verification.root}",
        f"cosigned   by {', '.join(verification.cosigned_by) or 'no trusted witness'}",
    ]
    if verification.openings:
        counts = (f"{count} {state}" for state, count in sorted(verification.openings.items()))
        lines.append(f"openings   {', '.join(counts)}")
    if verification.self_asserted:
        lines.append(SELF_ASSERTED)
    for finding in verification.findings:
        place = "" if finding.seq is None else f" (entry {finding.seq})"
        lines.append(f"FOUND      {finding.code}{place}: {finding.sentence}")
    lines.append(
        "result     nothing found" if verification.is_clean else f"result     {len(verification.findings)} found"
    )
    return "\n".join(lines) + "\n"
