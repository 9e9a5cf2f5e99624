"""Exhaustive, exact comparison in one process, over the int8 store of FAISS. Templates stay in memory only.

``QT_8bit_direct_signed`` keeps each signed feature as one unsigned byte, 128 higher. A score is a float32 sum of whole
numbers; as long as 127²·d < 2²⁴ every partial sum is a whole number that float32 holds exactly, so the sum does not
depend on its order and equals the integer dot product. Features of -128 would break that bound and are refused.
"""

from collections.abc import Sequence

import faiss
import numpy as np
from numpy.typing import NDArray

from countersign.errors import Invalid, NotFound
from countersign.primitives.arrays import Codes
from countersign.primitives.ids import SubjectId
from countersign.search.comparison import MAX_VIEWS, Nearest

_OFFSET = np.uint8(128)  # what FAISS stores for a feature of 0
_EXACT_SUM = 2**24
_LARGEST = 127
_BLOCK_ROWS = 16_384
_NOBODY = np.iinfo(np.int32).min


class GalleryShapeError(Invalid):
    """Templates that cannot be compared with this gallery, or not exactly."""

    code = "gallery_shape"


class SubjectNotThereError(NotFound):
    """The subject has no view that could be compared."""

    code = "subject_not_in_gallery"


def _checked(codes: Codes, what: str) -> Codes:
    if codes.ndim != 2 or codes.dtype != np.int8:  # noqa: PLR2004  rows and features
        raise GalleryShapeError(f"expected {what} as int8 (rows, features), got {codes.dtype} {codes.shape}")
    if not 0 < _LARGEST**2 * codes.shape[1] < _EXACT_SUM:
        raise GalleryShapeError(f"expected 1 to 1040 features, for exact float32 sums, got {codes.shape[1]}")
    if codes.size and codes.min() < -_LARGEST:
        raise GalleryShapeError(f"expected features of {what} within ±127, got -128")
    return codes


class ExactGallery:
    """Templates of a gallery, compared row by row. Satisfies `search.comparison.Comparison`.

    Not safe for `hide` beside a running comparison: the owner serialises them.

    Args:
        codes: One template a row, shape (n, d), within ±127; rows of one subject best quality first. They are copied.
        subjects: Whose each row is; n of them, in any order.
        threads: Processor threads of a comparison; they change its time, never its scores.

    Raises:
        GalleryShapeError: Not int8, not one subject a row, a feature of -128, or so many that sums are not exact.
    """

    def __init__(self, codes: Codes, subjects: tuple[SubjectId, ...], *, threads: int = 2) -> None:
        if len(_checked(codes, "templates")) != len(subjects):
            raise GalleryShapeError(f"expected one subject a row, got {len(codes)} rows and {len(subjects)} subjects")
        rows: dict[SubjectId, list[int]] = {}
        for row, subject in enumerate(subjects):
            views = rows.setdefault(subject, [])
            if len(views) < MAX_VIEWS:
                views.append(row)
        self._subjects = tuple(sorted(rows))
        self._place = {subject: place for place, subject in enumerate(self._subjects)}
        self._views = np.array([len(rows[subject]) for subject in self._subjects], dtype=np.intp)
        self._first = np.cumsum(self._views) - self._views
        self._owner = np.repeat(np.arange(len(self._subjects)), self._views)
        self._visible = np.ones(len(self._subjects), dtype=np.bool_)
        self._threads = threads
        order = np.array([row for subject in self._subjects for row in rows[subject]], dtype=np.intp)
        self._index = self._filled(codes, order)
        # A view of FAISS's own store, not a copy: hiding a row there also wipes it from memory.
        shape = (len(order), codes.shape[1])
        stored = faiss.rev_swig_ptr(self._index.codes.data(), len(order) * codes.shape[1]) if len(order) else b""
        self._stored = np.frombuffer(stored, dtype=np.uint8).reshape(shape)

    @staticmethod
    def _filled(codes: Codes, order: NDArray[np.intp]) -> faiss.IndexScalarQuantizer:
        index = faiss.IndexScalarQuantizer(
            codes.shape[1], faiss.ScalarQuantizer.QT_8bit_direct_signed, faiss.METRIC_INNER_PRODUCT
        )
        for first in range(0, len(order), _BLOCK_ROWS):
            block = codes[order[first : first + _BLOCK_ROWS]]
            index.add_sa_codes(np.ascontiguousarray(block).view(np.uint8) ^ _OFFSET)
        return index

    @property
    def size(self) -> int:
        """Give the number of stored rows, hidden ones with them."""
        return len(self._owner)

    @property
    def n_subjects(self) -> int:
        """Give N: the number of subjects that can be found."""
        return int(self._visible.sum())

    def views(self, subject: SubjectId) -> int:
        """Give how many views of the subject can be compared; 0 for a hidden or unknown one."""
        place = self._place.get(subject)
        return int(self._views[place]) if place is not None and self._visible[place] else 0

    def hide(self, subject: SubjectId) -> int:
        """Overwrite the subject's rows with zeros, in place, and leave it out of everything from now on.

        Returns:
            How many rows were overwritten.

        Raises:
            SubjectNotThereError: The subject is unknown or already hidden.
        """
        views = self.views(subject)
        if not views:
            raise SubjectNotThereError("expected a subject of this gallery, got one without a row that can be compared")
        place = self._place[subject]
        first = self._first[place]
        self._stored[first : first + views] = _OFFSET
        self._visible[place] = False
        return views

    def nearest(self, probe_codes: Codes, depth: int) -> Nearest:
        """Give the visible subjects of the ``depth`` highest scoring rows of each still, and the bound for all others.

        Hidden rows score 0 and may take a place; that can only raise the bound, never lower it.
        """
        probe = self._probe(probe_codes)
        depth = min(depth, self.size)
        if not depth:
            return Nearest((), np.full(len(probe), _NOBODY, dtype=np.int32), complete=True)
        faiss.omp_set_num_threads(self._threads)
        scores, rows = self._index.search(probe.astype(np.float32), depth)
        places = np.unique(self._owner[rows])
        seen = tuple(self._subjects[place] for place in places[self._visible[places]].tolist())
        return Nearest(seen, scores[:, -1].astype(np.int32), complete=depth == self.size)

    def best_of(self, probe_codes: Codes, subjects: Sequence[SubjectId]) -> NDArray[np.int32]:
        """Give each still's best score over the views of the named visible subjects, shape (k, len(subjects)).

        Raises:
            SubjectNotThereError: One of the subjects is unknown or hidden.
        """
        probe = self._probe(probe_codes)
        if not all(self.views(subject) for subject in subjects):
            raise SubjectNotThereError("expected subjects of this gallery, got one without a row that can be compared")
        places = np.array([self._place[subject] for subject in subjects], dtype=np.intp)
        counts = self._views[places]
        starts = np.cumsum(counts) - counts
        rows = np.repeat(self._first[places] - starts, counts) + np.arange(counts.sum())
        return self._maxima(self._scores(probe, self._stored[rows]), starts)

    def best_per_subject(self, probe_codes: Codes) -> tuple[tuple[SubjectId, ...], NDArray[np.int32]]:
        """Give all visible subjects, sorted by id, and each still's best score over their views.

        Every row is compared.

        Args:
            probe_codes: One template a still, shape (k, d).

        Returns:
            Subjects, and the scores in the same order, shape (k, subjects); higher is more alike.

        Raises:
            GalleryShapeError: Templates of another length than the gallery's.
        """
        probe = self._probe(probe_codes)
        scores = np.empty((len(probe), self.size), dtype=np.int32)
        for first in range(0, self.size, _BLOCK_ROWS):
            block = slice(first, first + _BLOCK_ROWS)
            scores[:, block] = self._scores(probe, self._stored[block])
        visible = tuple(self._subjects[place] for place in np.flatnonzero(self._visible).tolist())
        return visible, self._maxima(scores, self._first)[:, self._visible]

    def _probe(self, probe_codes: Codes) -> Codes:
        if _checked(probe_codes, "the probe").shape[1] != self._stored.shape[1]:
            raise GalleryShapeError(f"expected {self._stored.shape[1]} features, got {probe_codes.shape[1]}")
        return probe_codes

    @staticmethod
    def _scores(probe: Codes, stored: NDArray[np.uint8]) -> NDArray[np.int32]:
        """Give the exact dot products, shape (k, rows): float32 holds every partial sum (module docstring)."""
        features = (stored ^ _OFFSET).view(np.int8).astype(np.float32)
        return (probe.astype(np.float32) @ features.T).astype(np.int32)

    @staticmethod
    def _maxima(scores: NDArray[np.int32], starts: NDArray[np.intp]) -> NDArray[np.int32]:
        if not len(starts):
            return np.empty((len(scores), 0), dtype=np.int32)
        return np.maximum.reduceat(scores, starts, axis=1)
