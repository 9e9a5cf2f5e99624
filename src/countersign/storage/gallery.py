"""The searchable templates as one matrix, and the hash chain over what can be searched."""

from collections.abc import Iterable
from datetime import date, datetime

import numpy as np
from sqlalchemy import Connection, insert, or_, select

from countersign.errors import IntegrityBroken
from countersign.primitives.arrays import Codes
from countersign.primitives.clock import rfc3339
from countersign.primitives.digest import Sha256
from countersign.primitives.ids import RecordId, SubjectId
from countersign.storage.record_keys import SqlKeys
from countersign.storage.sealing import place, unseal
from countersign.storage.tables import CUSTODY_RECORD, GALLERY_CHANGE, RECORD_KEY, REFERENCE_TEMPLATE, TABLES
from countersign.templates.gallery import GENESIS, Change, extend_root


class TemplateLengthError(IntegrityBroken):
    """Templates of one extractor have different lengths."""

    code = "template_length"


class SqlGalleryRows:
    """Gallery rows inside one open transaction; see `countersign.operations.work.GalleryRows`."""

    def __init__(self, connection: Connection, keys: SqlKeys) -> None:
        self._connection = connection
        self._keys = keys

    def matrix(self, collection: str, extractor: str) -> tuple[Codes, tuple[SubjectId, ...]]:
        """Decrypt all searchable templates of a collection.

        Returns:
            Codes of shape (n, d), read-only, (0, 0) when there are none; and the subject of each row, shape (n,).
            Ordered by subject, best quality first, equal quality by template id: the same on every machine.

        Raises:
            TemplateLengthError: The templates do not have one length.
        """
        rows, keys = TABLES[REFERENCE_TEMPLATE.name].c, RECORD_KEY.c
        query = (
            select(rows.id, rows.subject, rows.key, rows.sealed, keys.epoch, keys.wrapped)
            .join(RECORD_KEY, rows.key == keys.id)
            .where(rows.collection == collection, rows.extractor == extractor, rows.searchable.is_(True))
            .order_by(rows.subject, rows.unified.desc(), rows.id)
        )
        codes: list[bytes] = []
        subjects: list[SubjectId] = []
        # Past the codec on purpose: ten thousand rows must not cost a second.
        for row_id, subject, key, sealed, epoch, wrapped in self._connection.execute(query):
            where = place(REFERENCE_TEMPLATE.name, row_id, key, *REFERENCE_TEMPLATE.sealed)
            codes.append(unseal(self._keys.unwrapped(key, epoch, wrapped), sealed, where))
            subjects.append(SubjectId(subject))
        return _stacked(codes), tuple(subjects)

    def lapsed(self, collection: str, today: date, checked_before: datetime) -> list[RecordId]:
        """Give the searchable records whose review date lies before today, or whose status was last checked before."""
        rows = TABLES[CUSTODY_RECORD.name].c
        # Dates and moments are text of one spelling, so that the order of the text is the order in time.
        late = select(rows.id).where(
            rows.collection == collection,
            rows.searchable.is_(True),
            or_(rows.review_due < today.isoformat(), rows.status_checked_at < rfc3339(checked_before)),
        )
        return [RecordId(record) for record in self._connection.scalars(late.order_by(rows.id))]

    def version(self, collection: str) -> tuple[int, Sha256]:
        """Give (number of changes, root); (0, SHA-256 of nothing) before the first change."""
        changes = GALLERY_CHANGE.c
        last = self._connection.execute(
            select(changes.number, changes.root)
            .where(changes.collection == collection)
            .order_by(changes.number.desc())
            .limit(1)
        ).first()
        return (0, GENESIS) if last is None else (last.number, Sha256(last.root))

    def changed(self, collection: str, changes: Iterable[tuple[str, Change]]) -> Sha256:
        """Extend the chain, in order, and give the new root."""
        number, root = self.version(collection)
        rows: list[dict[str, object]] = []
        for place_of, (template, change) in enumerate(changes, start=number + 1):
            root = extend_root(root, template, change)
            rows.append(
                {"collection": collection, "number": place_of, "template": template, "change": change, "root": root}
            )
        if rows:
            self._connection.execute(insert(GALLERY_CHANGE), rows)
        return root


def _stacked(codes: list[bytes]) -> Codes:
    lengths = {len(code) for code in codes}
    if len(lengths) > 1:
        raise TemplateLengthError(f"expected templates of one length, got {sorted(lengths)} bytes")
    return np.frombuffer(b"".join(codes), dtype=np.int8).reshape(len(codes), max(lengths, default=0))
