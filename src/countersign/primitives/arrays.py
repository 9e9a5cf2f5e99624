"""Named array types. A name says shape and unit; the values are numpy arrays.

``RgbImage``          (height, width, 3) uint8, RGB, upright
``Codes``             (n, d) int8, one template a row
``Points``            (5, 2) float32, landmarks in px: right eye, left eye, nose tip, right and left mouth corner
                      (right and left are the data subject's)
``BoxXyxyPx``         (4,) float32: left, top, right, bottom in px
``Scores``            (n,) int32 comparison scores, higher is more alike
"""

from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

RgbImage: TypeAlias = NDArray[np.uint8]
Codes: TypeAlias = NDArray[np.int8]
Points: TypeAlias = NDArray[np.float32]
BoxXyxyPx: TypeAlias = NDArray[np.float32]
Scores: TypeAlias = NDArray[np.int32]


Kind = TypeVar("Kind", bound=np.generic)


def read_only(array: NDArray[Kind]) -> NDArray[Kind]:
    """Freeze an array in place and give it back, so that a value object cannot change after it was built."""
    array.setflags(write=False)
    return array
