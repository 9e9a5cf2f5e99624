"""Pictures that are their own templates: a text of features, then the quality, then measures."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from countersign.errors import Invalid
from countersign.evaluation.manifest import Picture
from countersign.evaluation.protocol import SampleTemplate

LABELS = {"sex": "F", "age": "18-29", "ethnicity": "white"}


class NoFaceError(Invalid):
    code = "no_face"


class Pictures:
    """Makes pictures of which the reader below gives what they were made with."""

    def __init__(self) -> None:
        self._given: dict[Path, SampleTemplate | None] = {}

    def add(
        self,
        subject: str,
        features: tuple[int, ...] | None,
        *,
        unified: float = 1.0,
        measures: Mapping[str, float] | None = None,
        kind: str = "cctv",
        view: str = "",
        labels: Mapping[str, str] = LABELS,
    ) -> Picture:
        """Add a picture; without features no face is found in it."""
        path = Path(f"{subject}-{len(self._given)}.png")
        codes = None if features is None else np.array(features, dtype=np.int8)
        self._given[path] = (
            None if codes is None else SampleTemplate(codes=codes, unified=unified, measures=measures or {})
        )
        return Picture(subject=subject, kind=kind, view=None, path=path, dataset="x", view_text=view, labels=labels)

    def read(self, picture: Path, /) -> SampleTemplate:
        """Give the picture's template."""
        template = self._given[picture]
        if template is None:
            raise NoFaceError("expected a face, got none")
        return template
