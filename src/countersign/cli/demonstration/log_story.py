"""The end of the story: a data subject is erased, the log is verified, and a change to a copy of it is found."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from countersign.cli.demonstration.stage import Stage
from countersign.errors import IntegrityBroken
from countersign.governance.permission import Permission
from countersign.ledger.entry import Entry
from countersign.ledger.export import ENTRIES
from countersign.ledger.standalone import write
from countersign.operations.erase_record import EraseRecord, ErasureRule, erase_record
from countersign.operations.export_ledger import ExportLedger, LogPurpose, export_ledger
from countersign.operations.verify_ledger import verify_ledger

_LONGEST_S = 60
FORGERIES = (('"age_hours":0', '"age_hours":48'), ('"refused":0', '"refused":9'))
"""What a forger might change: imagery that was too young made old enough, or else a number of an enrolment."""


class ForgeryMissedError(IntegrityBroken):
    """The verifier did not find what was changed."""

    code = "forgery_missed"


def tell_erasure(stage: Stage, seed: int) -> None:
    """Erase somebody whom no case is about: a known picture if there is one, else a synthetic data subject."""
    stage.tell.chapter(
        "An erasure",
        "A key is destroyed, the data subject is gone from the gallery at once, a tombstone stays.",
        stage.clock,
    )
    sought = {unknown.name for unknown in stage.material.unknown}
    spare = [name for name in stage.chronicle.enrolled if name not in sought]
    subject = spare[0] if spare else f"synthetic/{seed}/0"
    before = _searchable(stage)
    arguments = EraseRecord(collection=stage.collection, subject=subject, rule=ErasureRule.REQUEST_GRANTED)
    done = stage.force.do("owner", Permission.RECORD_ERASE, erase_record, arguments)
    tombstone = stage.entry(-1)
    lost = f"{_many(done.records, 'record')}, {_many(done.images, 'picture')}, {_many(done.templates, 'template')}"
    stage.chronicle.erased = subject
    stage.tell.rows([
        ("erased", f"{subject}: {lost}"),
        ("gallery", f"{before:,} records before, {_searchable(stage):,} after"),
        (f"entry {tombstone.seq}", f"{tombstone.kind}: {tombstone.facts['rule']}; it names nobody"),
    ])  # fmt: skip


def _many(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _searchable(stage: Stage) -> int:
    with stage.force.desk.archive.read() as work:
        return len(set(work.gallery.matrix(stage.collection, stage.force.desk.engine.extractor)[1]))


def tell_log(stage: Stage) -> None:
    """Verify the log here, export it, verify that with bare Python, change one entry in a copy and find it."""
    tell, folder, chronicle = stage.tell, stage.folder, stage.chronicle
    tell.chapter(
        "The log", "Every act and every refusal is an entry. Whoever is entitled can check it without us.", stage.clock
    )
    here = verify_ledger(stage.force.desk)
    chronicle.verified = here.is_clean
    arguments = ExportLedger(folder=str(folder.export), justification=LogPurpose.LAWFULNESS)
    done = stage.force.do("oversight", Permission.LEDGER_EXPORT, export_ledger, arguments)
    chronicle.entries = done.size
    write(folder.verifier)
    tell.good(f"Verified here: {here.size} entries, root {here.root[:16]}…, cosigned by {', '.join(here.cosigned_by)}.")
    tell.say("Exported to oversight, and verified by one file with bare Python, without this package:")
    tell.command(f"python3 -I {folder.verifier} {folder.export}")
    _show(stage, _verified(folder.verifier, folder.export))
    before, after = _change_one_entry(folder.export, folder.changed)
    tell.say("Now one entry is changed in a copy of the export:")
    tell.rows([("was", before), ("is", after)])
    tell.command(f"python3 -I {folder.verifier} {folder.changed}")
    lines = _verified(folder.verifier, folder.changed)
    _show(stage, lines)
    chronicle.changed_found = [line.removeprefix("FOUND").strip() for line in lines if line.startswith("FOUND")]
    if not chronicle.changed_found:
        raise ForgeryMissedError("expected the verifier to find the changed entry, got nothing found")
    tell.good("Found: one fact of one entry was changed, and no signed checkpoint from that entry on fits any more.")


def _verified(verifier: Path, export: Path) -> list[str]:
    # Isolated mode: neither our package nor anything else that is installed can be imported.
    command = [sys.executable, "-I", str(verifier), str(export)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=_LONGEST_S, check=False)  # noqa: S603
    return done.stdout.splitlines() or done.stderr.splitlines()


def _show(stage: Stage, lines: list[str]) -> None:
    """Show what the verifier printed; of findings that follow from the first, their number."""
    found = [line for line in lines if line.startswith("FOUND")]
    for line in _paragraphs(lines):
        if line not in found:
            stage.tell.say(line, "dim")
        elif line == found[0]:
            stage.tell.found(line.removeprefix("FOUND").strip())
            if len(found) > 1:
                stage.tell.say(f"… and {len(found) - 1} more: every checkpoint from there on", "dim")


def _paragraphs(lines: list[str]) -> list[str]:
    """Join the lines of a sentence again, which the verifier broke for a terminal of its own width."""
    joined: list[str] = []
    for line in lines:
        is_fact = re.match(r"[A-Za-z]+ {2,}", line) is not None
        if joined and not is_fact and not re.match(r"[A-Za-z]+ {2,}", joined[-1]):
            joined[-1] += f" {line}"
        else:
            joined.append(line)
    return joined


def _change_one_entry(export: Path, copy: Path) -> tuple[str, str]:
    """Copy an export and change one fact in it; give the entry's fact as it was and as it is."""
    shutil.copytree(export, copy)
    lines = (copy / ENTRIES).read_text(encoding="utf-8").splitlines(keepends=True)
    fact, forged, at = next(
        (fact, forged, at) for fact, forged in FORGERIES for at, line in enumerate(lines) if fact in line
    )
    lines[at] = lines[at].replace(fact, forged)
    (copy / ENTRIES).write_text("".join(lines), encoding="utf-8")
    kind = str(Entry.from_bytes(lines[at].rstrip("\n").encode()).kind)
    return f"entry {at} ({kind}) … {fact} …", f"entry {at} ({kind}) … {forged} …"
