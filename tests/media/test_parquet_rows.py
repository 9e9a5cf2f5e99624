"""Manifests in Parquet: values as text, and nothing that is no text, number, date or time."""

import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from countersign.errors import Invalid, NotFound
from countersign.media.parquet_rows import read_parquet

pyarrow = pytest.importorskip("pyarrow", reason="the extra `parquet` is not installed")


def written(folder: Path, columns: dict[str, list[object]]) -> Path:
    from pyarrow import parquet

    path = folder / "rows.parquet"
    parquet.write_table(pyarrow.table(columns), path)
    return path


def test_values_come_as_text_and_empty_ones_are_left_out(tmp_path: Path):
    columns: dict[str, list[object]] = {
        "text": ["a", ""],
        "number": [7, None],
        "day": [date(2026, 1, 31), None],
        "time": [datetime(2026, 1, 31, 12, tzinfo=UTC), None],
        "zoneless": [datetime(2026, 1, 31, 12), None],  # noqa: DTZ001  as a file may hold it
    }

    names, rows = read_parquet(written(tmp_path, columns))

    assert names == tuple(columns)
    assert list(rows) == [
        {"text": "a", "number": "7", "day": "2026-01-31", "time": "2026-01-31T12:00:00.000Z",
         "zoneless": "2026-01-31T12:00:00"},
        {},
    ]  # fmt: skip


def test_other_values_are_refused(tmp_path: Path):
    _, rows = read_parquet(written(tmp_path, {"weight": [0.5]}))

    with pytest.raises(Invalid, match="expected text, whole numbers, dates and times, got float"):
        list(rows)


def test_what_is_no_parquet_or_a_damaged_one_is_refused(tmp_path: Path):
    path = written(tmp_path, {"text": [f"value {number}" for number in range(5000)]})
    data = bytearray(path.read_bytes())
    (tmp_path / "noise.parquet").write_bytes(b"noise")
    for place in range(8, len(data) // 2):
        data[place] ^= 0x5A
    path.write_bytes(data)

    for name in ("noise.parquet", "missing.parquet"):
        with pytest.raises(Invalid, match="expected a Parquet file"):
            read_parquet(tmp_path / name)
    _, rows = read_parquet(path)
    with pytest.raises(Invalid, match=r"expected readable rows in rows\.parquet"):
        list(rows)


def test_without_the_extra_its_name_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    with pytest.raises(NotFound, match="expected the extra `parquet`"):
        read_parquet(tmp_path / "rows.parquet")
