"""The port through which networks run."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from countersign.errors import Invalid

__all__ = ["BatchShapeError", "Session"]


class BatchShapeError(Invalid):
    """An array is not the batch of images that a network takes."""

    code = "batch_shape"


class Session(Protocol):
    """One loaded network.

    Obligations: the same image gives the same bits whatever else is in its batch and however many threads run;
    callable from several threads; no file or socket is touched after construction.
    """

    @property
    def identity(self) -> str:
        """Engine, precision and network digest, for evidence."""
        ...

    def run(self, batch: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
        """Run the network.

        Args:
            batch: Images, shape (n, 3, height, width), float32, as the network's preprocessing says.

        Returns:
            Outputs in the order of the network's graph, each with n rows first.

        Raises:
            BatchShapeError: Not such a batch.
        """
        ...
