"""`countersign collection`: registered reference collections and what is enrolled in them."""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from countersign.cli.door import JsonOption, KeyOption, act, desk, emit, must_be_new, write_new
from countersign.governance.permission import Permission
from countersign.governance.register import CollectionClass, ImageOrigin, LegalStatus

if TYPE_CHECKING:
    from countersign.operations.compare_collection import IdentityDoubt
    from countersign.operations.reference_batch import FileResult

SHOWN = 10
"""Files that are named for each reason; a list in a file names all."""

app = typer.Typer(name="collection", help="Reference collections and their images.", no_args_is_help=True)


@app.command()
def register(
    name: Annotated[str, typer.Option(help="Name.")],
    collection_class: Annotated[CollectionClass, typer.Option("--class", help="Whose images.")],
    origin: Annotated[ImageOrigin, typer.Option(help="Where the images came from; a closed list.")],
    controller: Annotated[str, typer.Option(help="Controller.")],
    legal_power: Annotated[str, typer.Option(help="Power under which the images are held.")],
    purpose: Annotated[str, typer.Option(help="Purpose.")],
    retention_rule: Annotated[str, typer.Option(help="Retention rule.")],
    provenance: Annotated[str, typer.Option(help="How the images were acquired.")],
    key: KeyOption,
    as_json: JsonOption = False,
) -> None:
    """Register a collection; only a registered one can be searched."""
    from countersign.operations.register_collection import RegisterCollection, register_collection

    arguments = RegisterCollection(
        name=name,
        collection_class=collection_class,
        origin=origin,
        controller=controller,
        legal_power=legal_power,
        purpose=purpose,
        retention_rule=retention_rule,
        provenance=provenance,
    )
    collection = act(key, Permission.COLLECTION_REGISTER, register_collection, arguments)
    emit(collection, as_json=as_json, title=f"Registered: {collection.id}")


@app.command()
def enrol(
    collection: Annotated[str, typer.Argument(help="Collection id.")],
    source: Annotated[
        Path, typer.Argument(help="Manifest (.csv, .parquet), folder of <subject>/ folders, or .tar of them.")
    ],
    key: KeyOption,
    files: Annotated[
        Path | None, typer.Option(help="For a manifest: folder or .tar of its files, when not beside it.")
    ] = None,
    status: Annotated[LegalStatus | None, typer.Option(help="Without a manifest: status of every record.")] = None,
    review_due: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Without a manifest: review date of every record.")
    ] = None,
    provenance: Annotated[str | None, typer.Option(help="Without a manifest: how the images were acquired.")] = None,
    listing: Annotated[Path | None, typer.Option("--list", help="Write one CSV row a file here.")] = None,
    retry: Annotated[
        Path | None, typer.Option(help="Write a manifest of what was not enrolled here, to mend and try again.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Enrol references. Every file ends in the list; interrupted, run it again: nothing is doubled."""
    from countersign.cli.progress import file_progress
    from countersign.operations.enrol_references import EnrolReferences, enrol_references
    from countersign.operations.reference_batch import FolderDefaults, retry_manifest
    from countersign.primitives.ids import CollectionId

    must_be_new(*(path for path in (listing, retry) if path is not None))
    defaults = None
    if status is not None and review_due is not None and provenance is not None:
        now = datetime.now(UTC)
        defaults = FolderDefaults(
            status=status, status_checked_at=now, review_due=review_due.date(), provenance=provenance
        )
    arguments = EnrolReferences(
        collection=CollectionId(collection),
        source=str(source),
        files=None if files is None else str(files),
        defaults=defaults,
    )
    with file_progress("enrolling", quiet=as_json) as progress:
        results = act(key, Permission.COLLECTION_ENROL, enrol_references, arguments, progress)
    if listing is not None:
        write_new(listing, _as_csv(results))
    if retry is not None:
        write_new(retry, retry_manifest(results).encode())
    _show(results, as_json=as_json)


def _show(results: Sequence["FileResult"], *, as_json: bool) -> None:
    from countersign.operations.reference_batch import by_reason

    count = Counter(str(result.outcome) for result in results)
    reasons = by_reason(results)
    if as_json:
        told = [{"outcome": outcome, "reason": code, "files": number} for (outcome, code), number in reasons.items()]
        files = [replace(result, given={}) for result in results]
        emit({"counts": dict(count), "reasons": told, "files": files}, as_json=True, title="")
        return
    emit(dict(count), as_json=False, title=f"{len(results)} files")
    for (outcome, code), number in reasons.most_common():
        if not code:
            continue
        typer.echo(f"  {outcome}, {code}: {number}")
        chosen = [result for result in results if (result.outcome, result.code) == (outcome, code)]
        for result in chosen[:SHOWN]:
            typer.echo(f"    {result.file}: {result.reason}")
        if number > SHOWN:
            typer.echo(f"    … and {number - SHOWN} more; --list writes them all")


def _as_csv(results: Sequence["FileResult"]) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(["file", "subject", "outcome", "code", "reason"])
    writer.writerows([one.file, one.subject, one.outcome, one.code, one.reason] for one in results)
    return stream.getvalue().encode()


@app.command("status-feed")
def status_feed(
    collection: Annotated[str, typer.Argument(help="Collection id.")],
    source: Annotated[Path, typer.Argument(help="Feed (.csv), one row a custody record.")],
    key: KeyOption,
    complete: Annotated[
        bool, typer.Option("--complete", help="It names every record of the source; the others are hidden.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Take in legal statuses from their source. The same feed twice changes nothing."""
    from countersign.operations.feed_status import FeedStatus, feed_status
    from countersign.primitives.ids import CollectionId

    arguments = FeedStatus(collection=CollectionId(collection), source=str(source), complete=complete)
    emit(act(key, Permission.COLLECTION_FEED, feed_status, arguments), as_json=as_json, title="Feed taken in")


@app.command()
def keep(
    collection: Annotated[str, typer.Argument(help="Collection id.")],
    subject: Annotated[str, typer.Option(help="The force's own reference of the data subject.")],
    custody_record: Annotated[str, typer.Option(help="The force's own reference of the record.")],
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Last day of the exception.")],
    reason: Annotated[str, typer.Option(help="The exceptional policing reason.")],
    key: KeyOption,
    as_json: JsonOption = False,
) -> None:
    """Sign an exception: a record that was to be erased is kept longer, and stays hidden."""
    from countersign.operations.keep_record import KeepRecord, keep_record
    from countersign.primitives.ids import CollectionId

    arguments = KeepRecord(
        collection=CollectionId(collection),
        subject=subject,
        custody_record=custody_record,
        until=until.date(),
        reason=reason,
    )
    kept = act(key, Permission.RECORD_KEEP, keep_record, arguments)
    emit({"kept_until": kept.kept_until}, as_json=as_json, title="Kept, and hidden")


@app.command()
def audit(
    collection: Annotated[str, typer.Argument(help="Collection id.")], key: KeyOption, as_json: JsonOption = False
) -> None:
    """Audit a collection: was everything hidden and erased that had to be? At least twice a year."""
    from countersign.operations.audit_collection import AuditCollection, audit_collection
    from countersign.primitives.ids import CollectionId

    found = act(
        key, Permission.COLLECTION_AUDIT, audit_collection, AuditCollection(collection=CollectionId(collection))
    )
    emit(found, as_json=as_json, title="Audited for erasure")


@app.command()
def compare(
    collection: Annotated[str, typer.Argument(help="Collection id.")],
    key: KeyOption,
    listing: Annotated[Path | None, typer.Option("--list", help="Write one CSV row a doubt here.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Compare a collection with itself: who may be there twice, whose picture may be another's. It decides nothing."""
    from countersign.operations.compare_collection import CompareCollection, compare_collection
    from countersign.primitives.ids import CollectionId

    must_be_new(*(() if listing is None else (listing,)))
    arguments = CompareCollection(collection=CollectionId(collection))
    compared = act(key, Permission.COLLECTION_COMPARE, compare_collection, arguments)
    if listing is not None:
        write_new(listing, _doubts_csv(compared.doubts))
    if as_json:
        emit(compared, as_json=True, title="")
        return
    emit(compared, as_json=False, title="Compared with itself; a person decides what is wrong", hide=("doubts",))
    for one in compared.doubts[:SHOWN]:
        other = "" if one.resembles is None else f" resembles {one.resembles.subject} ({one.resembles.file})"
        typer.echo(f"  {one.kind}: {one.reference.subject} ({one.reference.file}){other}, score {one.score}")
    if len(compared.doubts) > SHOWN:
        typer.echo(f"  … and {len(compared.doubts) - SHOWN} more; --list writes them all")


def _doubts_csv(doubts: Sequence["IdentityDoubt"]) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    pictured = ("subject", "custody_record", "file")
    writer.writerow(["kind", *pictured, *(f"resembles_{column}" for column in pictured), "score"])
    for one in doubts:
        places = (one.reference, one.resembles)
        cells = [getattr(place, column, "") for place in places for column in pictured]
        writer.writerow([one.kind, *cells, one.score])
    return stream.getvalue().encode()


@app.command()
def composition(collection: Annotated[str, typer.Argument(help="Collection id.")], as_json: JsonOption = False) -> None:
    """Show what a collection is made of: status, age, age of images; numbers only."""
    from countersign.operations.read_composition import read_composition
    from countersign.primitives.ids import CollectionId

    with desk() as place:
        made = read_composition(place, CollectionId(collection))
    emit(made, as_json=as_json, title="Composition")
