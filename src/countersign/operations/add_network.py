"""Register a network of the force's own. It changes nothing of a programme: use asks for a validation of it."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from countersign.errors import Invalid, NotFound
from countersign.faces import detector
from countersign.faces.crops import PREPROCESSING
from countersign.inference.admission import admit
from countersign.inference.own_networks import FILE, NetworkNameTakenError, keep_network
from countersign.inference.registry import Network, Precision, Registry, Role

__all__ = ["NewNetwork", "add_network"]

_CODES_PER_ROOT = 33.7
_CROP_PX = 112
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,62}")


class NetworkStatementError(Invalid):
    """What was said of a network is not enough to register it."""

    code = "network_statement"


class NetworkFileError(NotFound):
    """The network's file is not there or cannot be read."""

    code = "network_file"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNetwork:
    """What a person says of a network.

    Attributes:
        sha256: Digest as its makers publish it; a file with another one is refused.
        dimension: Features of a template; 0 for a detector.
        colour: Order of the channels that an extractor takes; a detector takes blue first, as YuNet.
        mean: Subtracted from each value in 0 … 255; 127.5 for most networks of the ArcFace kind.
        deviation: What the difference is divided by; 127.5 or 128 for most of them.
    """

    name: str
    role: Role
    sha256: str
    licence: str
    source: str
    training_data: str
    precision: Precision = "f32"
    dimension: int = 0
    colour: str = "rgb"
    mean: float = 0.0
    deviation: float = 1.0


def add_network(folder: Path, known: Registry, said: NewNetwork, file: Path) -> Network:
    """Check a network and keep it with those of the force's own; what is refused leaves nothing behind.

    Args:
        folder: Of the programme's own networks.
        known: Every network that is registered.
        said: What is said of the new one.
        file: The network.

    Raises:
        NetworkStatementError: The name is none, or a statement is empty.
        NetworkNameTakenError: A network of this name is registered.
        NetworkFileError: The file cannot be read.
        UndeclaredLicenceError: No licence is declared.
        LicenceBarsUseError: The licence does not allow its use.
        NetworkDigestError: The file has another digest than was said.
        NetworkShapeError: It takes or gives something else than was said.
        InexactScoreError: Its templates are too long for exact scores.
    """
    network = _network(said)
    if said.name in known.networks:
        raise NetworkNameTakenError(f"expected a new name, got {said.name}, which is registered")
    try:
        data = file.read_bytes()
    except OSError as cause:
        raise NetworkFileError(f"expected a readable file {file.name}, got: {cause.strerror}") from cause
    admit(network, data)
    keep_network(folder, network, data)
    return network


def _network(said: NewNetwork) -> Network:
    if not _NAME.fullmatch(said.name):
        raise NetworkStatementError(f"expected a name of small letters, digits, - and ., got {said.name!r}")
    for what in ("source", "training_data"):
        if not getattr(said, what).strip():
            raise NetworkStatementError(f"expected a statement on {what.replace('_', ' ')}, got none")
    extractor = said.role == "extractor"
    if (said.dimension > 0) is not extractor:
        raise NetworkStatementError(f"expected a dimension of an extractor only, got {said.dimension} of {said.role}")
    try:
        network = Network(
            name=said.name,
            role=said.role,
            sha256=said.sha256.strip().lower(),
            licence=said.licence.strip(),
            source=said.source,
            training_data=said.training_data,
            package="",
            file=FILE,
            precision=said.precision,
            preprocessing=PREPROCESSING if extractor else detector.PREPROCESSING,
            dimension=said.dimension,
            scale=round(_CODES_PER_ROOT * said.dimension**0.5, 1),
            colour="bgr" if said.colour == "bgr" else "rgb",
            mean=said.mean,
            deviation=said.deviation,
        )
    except ValueError as cause:
        raise NetworkStatementError(f"expected a network that can be fed, got: {cause}") from cause
    return replace(network, input_height_px=_CROP_PX, input_width_px=_CROP_PX) if extractor else network
