"""`countersign erase`: destroy a data subject's keys."""

from typing import Annotated

import typer

from countersign.cli.door import JsonOption, KeyOption, act, emit
from countersign.governance.permission import Permission
from countersign.primitives.ids import CollectionId


def erase(
    subject: Annotated[str, typer.Argument(help="The force's own reference of the data subject.")],
    collection: Annotated[str, typer.Option(help="Collection id.")],
    rule: Annotated[str, typer.Option(help="Rule under which it is erased; see the reference.")],
    key: KeyOption,
    custody_record: Annotated[str, typer.Option(help="One custody record only.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Erase a data subject's records: keys destroyed, gone from the gallery at once, a tombstone in the log."""
    from countersign.operations.erase_record import EraseRecord, ErasureRule, erase_record
    from countersign.primitives.codec import from_plain

    arguments = EraseRecord(
        collection=CollectionId(collection),
        subject=subject,
        custody_record=custody_record,
        rule=from_plain(ErasureRule, rule, "rule"),
    )
    done = act(key, Permission.RECORD_ERASE, erase_record, arguments)
    emit(
        done,
        as_json=as_json,
        title="Erased. Unusable from now on; unrecoverable, from copies too, once the epoch key is rotated",
    )
