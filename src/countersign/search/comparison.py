"""What a candidate list needs of a gallery: `search.exact` in one process; a cluster must give the same integers."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from countersign.primitives.arrays import Codes
from countersign.primitives.ids import SubjectId

#: More views raise the scores of people who are not there (decisions, "Templates, scores, fusion"), so no more enter.
MAX_VIEWS = 7


class Nearest(NamedTuple):
    """The subjects that came near, and a bound for all others.

    Attributes:
        subjects: Every subject that one of the stills met in its nearest rows, sorted.
        bound: For each still the last score seen, shape (k,): no row of another subject scores more.
        complete: True when every row was seen, so that there are no others.
    """

    subjects: tuple[SubjectId, ...]
    bound: NDArray[np.int32]
    complete: bool


class Comparison(Protocol):
    """Compares a probe's templates with a gallery. Every score is the exact integer dot product of two templates."""

    def nearest(self, probe_codes: Codes, depth: int) -> Nearest:
        """Give the subjects of the ``depth`` highest scoring rows of each still."""
        ...

    def best_of(self, probe_codes: Codes, subjects: Sequence[SubjectId]) -> NDArray[np.int32]:
        """Give each still's best score over the views of the named subjects, shape (k, len(subjects))."""
        ...

    def best_per_subject(self, probe_codes: Codes) -> tuple[tuple[SubjectId, ...], NDArray[np.int32]]:
        """Give all visible subjects, sorted, and each still's best score over their views, shape (k, subjects)."""
        ...

    def views(self, subject: SubjectId) -> int:
        """Give how many views of the subject can be compared; 0 for a hidden one."""
        ...
