"""The real command line in this process: the networks are loaded once, and every picture passes them once a session."""

import contextlib
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from countersign import bootstrap
from countersign.cli.app import main
from countersign.cli.door import PLACES
from countersign.faces.detection import Detection
from countersign.inference.registry import Network, load_registry
from countersign.inference.session import Session
from countersign.operations.engine import OpenVinoEngine
from countersign.operations.work import Work
from countersign.primitives.arrays import Codes, RgbImage
from countersign.primitives.clock import SimulatedClock
from countersign.primitives.digest import sha256
from countersign.settings import Settings
from countersign.templates.extractor import TemplateExtractor, quantise

CHEAP_KEYS = 2**4
"""scrypt's N of a test's key folders; the passphrase is public anyway."""


class _FeatureKeeper(TemplateExtractor):
    """Keeps of each template the features that it was quantised from."""

    def __init__(self, session: Session, network: Network, kept: dict[bytes, NDArray[np.float32]]) -> None:
        super().__init__(session, network)
        self._scale, self._kept = network.scale, kept

    def extract(self, faces: Sequence[Sequence[RgbImage]]) -> Codes:
        features = self.features(faces)
        codes = quantise(features, scale=self._scale)
        self._kept |= {row.tobytes(): of for row, of in zip(codes, features, strict=True)}
        return codes


class _KeepingEngine(OpenVinoEngine):
    kept: dict[bytes, NDArray[np.float32]]

    @cached_property
    def _describer(self) -> TemplateExtractor:
        network = self._extractor_network
        return _FeatureKeeper(self._session(network), network, self.kept)


class RememberingEngine:
    """The real networks, which remember by the very pixels what they gave: nothing else is left out of a run.

    Attributes:
        features: Of each template, by its bytes, the features before they were quantised.
    """

    def __init__(self) -> None:
        self._engine = _KeepingEngine(load_registry(), threads=Settings().threads)
        self.features = self._engine.kept = {}
        self.extractor = self._engine.extractor
        self.network = self._engine.network
        self._located: dict[tuple[str, bool], tuple[Detection, ...]] = {}
        self._probes: dict[str, Codes] = {}
        self._references: dict[str, Codes] = {}

    def glimpse(self, rgb: RgbImage) -> tuple[Detection, ...]:
        return self._engine.glimpse(rgb)

    def locate(self, rgb: RgbImage, *, thorough: bool) -> tuple[Detection, ...]:
        look = (_digest(rgb), thorough)
        if look not in self._located:
            self._located[look] = self._engine.locate(rgb, thorough=thorough)
        return self._located[look]

    def describe_probe(self, faces: Sequence[tuple[RgbImage, Detection]]) -> Codes:
        return _remembered(self._probes, self._engine.describe_probe, faces)

    def describe_reference(self, faces: Sequence[tuple[RgbImage, Detection]]) -> Codes:
        return _remembered(self._references, self._engine.describe_reference, faces)


def _remembered(
    known: dict[str, Codes],
    describe: Callable[[Sequence[tuple[RgbImage, Detection]]], Codes],
    faces: Sequence[tuple[RgbImage, Detection]],
) -> Codes:
    names = [_digest(rgb, face.landmarks_px) for rgb, face in faces]
    new = {name: pair for name, pair in zip(names, faces, strict=True) if name not in known}
    known |= dict(zip(new, describe(list(new.values())), strict=True))
    return np.stack([known[name] for name in names]) if names else describe([])


def _digest(*arrays: np.ndarray) -> str:
    return sha256(b"".join(str(array.shape).encode() + np.ascontiguousarray(array).tobytes() for array in arrays))


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    exit_code: int
    out: str
    err: str

    def json(self) -> Mapping[str, object]:
        shown = json.loads(self.out)
        assert isinstance(shown, dict), self.out
        return shown


@dataclass(frozen=True, slots=True)
class CommandLine:
    """Runs `countersign` on the folders of one installation.

    Attributes:
        now: Where given, the moment at which the commands are run; the machine's clock otherwise.
    """

    home: Path
    engine: RememberingEngine
    now: datetime | None = None
    passphrase_file: Path | None = None

    @property
    def settings(self) -> Settings:
        return Settings(
            data=self.home / "data",
            keys=self.home / "keys",
            witness=self.home / "witness",
            passphrase_file=self.passphrase_file,
        )

    @property
    def places(self) -> tuple[str, ...]:
        """The same places as options of the command line."""
        folders = tuple(part for name in ("data", "keys", "witness") for part in (f"--{name}", str(self.home / name)))
        return folders + (("--passphrase-file", str(self.passphrase_file)) if self.passphrase_file else ())

    def run(self, *arguments: object) -> Ended:
        """Run one command line as `main` gets it from the shell."""
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            patch.setattr(PLACES, "given", {})
            patch.setattr(bootstrap, "open_engine", lambda _settings: self.engine)
            patch.setattr(bootstrap, "create_installation", partial(bootstrap.create_installation, key_cost=CHEAP_KEYS))
            if self.now is not None:
                patch.setattr(bootstrap, "SystemClock", partial(SimulatedClock, self.now))
            with pytest.raises(SystemExit) as ended:
                main([*self.places, *map(str, arguments)])
        code = ended.value.code
        return Ended(code if isinstance(code, int) else 0, out.getvalue(), err.getvalue())

    def do(self, *arguments: object) -> Mapping[str, object]:
        """Run a command that must succeed, and give the object it prints."""
        ended = self.run(*arguments, "--json")
        assert ended.exit_code == 0, f"{arguments}: {ended.out}{ended.err}"
        return ended.json()

    @contextlib.contextmanager
    def archive(self) -> Iterator[Work]:
        """Read the installation in process, past every door, as a replay will."""
        installation = bootstrap.open_installation(self.settings)
        try:
            with installation.archive.read() as work:
                yield work
        finally:
            installation.close()
