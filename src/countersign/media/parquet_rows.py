"""Rows of a Parquet file as text, batch by batch; its library is an extra and is loaded only here."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from countersign.errors import Invalid, NotFound
from countersign.primitives.clock import rfc3339

__all__ = ["ParquetMissingError", "UnreadableParquetError", "read_parquet"]

_BATCH_ROWS = 1024


class ParquetMissingError(NotFound):
    """The extra that reads Parquet is not installed."""

    code = "parquet_missing"


class UnreadableParquetError(Invalid):
    """It is no Parquet file of text, dates and times."""

    code = "parquet_unreadable"


def read_parquet(path: Path) -> tuple[tuple[str, ...], Iterator[dict[str, str]]]:
    """Give the columns of a Parquet file, and its rows with each value as text; an empty one is left out.

    Raises:
        ParquetMissingError: The extra `parquet` is not installed.
        UnreadableParquetError: It is no such file; raised by the rows as well.
    """
    try:
        from pyarrow import ArrowException, parquet  # noqa: PLC0415  optional, and slow to load
    except ImportError as cause:
        raise ParquetMissingError("expected the extra `parquet` for a Parquet manifest, got none installed") from cause
    try:
        file = parquet.ParquetFile(path)
        columns = tuple(map(str, file.schema_arrow.names))
    except (ArrowException, OSError) as cause:
        raise UnreadableParquetError(f"expected a Parquet file at {path.name}, got: {cause}") from cause

    def rows() -> Iterator[dict[str, str]]:
        with file:
            try:
                for batch in file.iter_batches(_BATCH_ROWS):
                    for row in batch.to_pylist():
                        yield {str(name): _text(value) for name, value in row.items() if value not in (None, "")}
            except (ArrowException, OSError) as cause:
                raise UnreadableParquetError(f"expected readable rows in {path.name}, got: {cause}") from cause

    return columns, rows()


def _text(value: object) -> str:
    match value:
        case datetime():
            # Without a zone it stays as it is, and is refused as such where a zone is asked for.
            return value.isoformat() if value.tzinfo is None else rfc3339(value)
        case date():
            return value.isoformat()
        case str() | int():
            return str(value)
        case _:
            raise UnreadableParquetError(f"expected text, whole numbers, dates and times, got {type(value).__name__}")
