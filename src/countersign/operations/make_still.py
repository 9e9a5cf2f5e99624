"""Make a still like that of a security camera out of a photograph, for demonstrations; no act on a case, so no key."""

import numpy as np

from countersign.errors import Invalid
from countersign.evaluation.degradation import FACE_WIDTH_PX, degrade
from countersign.media.sandbox.decoder import decode_image
from countersign.operations.describe_pictures import portrayed
from countersign.operations.desk import Engine


class NoFaceToShrinkError(Invalid):
    """Without a face there is no telling how small to make the picture."""

    code = "no_face_to_shrink"


def make_still(engine: Engine, photograph: bytes, *, seed: int) -> bytes:
    """Give the still as JPEG, its face about 48 px wide; the same photograph and seed give the same bytes.

    Raises:
        UndecodableImageError: It is no picture of an allowed format.
        NoFaceToShrinkError: No face was located in it.
    """
    rgb = decode_image(photograph).rgb_upright
    faces = engine.locate(rgb, thorough=False)
    if not faces:
        raise NoFaceToShrinkError("expected a photograph of a face, got one in which none was located")
    left, _, right, _ = portrayed(faces, rgb).box_xyxy_px
    scale = min(1.0, FACE_WIDTH_PX / float(right - left))
    return degrade(rgb, scale=scale, rng=np.random.default_rng(seed))
