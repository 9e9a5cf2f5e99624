"""The version of a gallery: a hash chain over every change of what can be searched."""

import json
from typing import Literal, TypeAlias

from countersign.primitives.digest import EMPTY, Sha256, sha256

Change: TypeAlias = Literal["shown", "hidden"]

GENESIS = EMPTY
"""Root of a gallery in which nothing was ever shown."""


def extend_root(root: Sha256, template_id: str, change: Change) -> Sha256:
    """Give the root after one more change.

    A root is the SHA-256 of the JSON text ``[previous root, template id, change]`` without spaces, so that (number of
    changes, root) names exactly what could be searched.

    Example:
        >>> one = extend_root(GENESIS, "t1", "shown")
        >>> extend_root(one, "t1", "hidden") == GENESIS
        False
    """
    return sha256(json.dumps([root, template_id, change], separators=(",", ":")).encode())
