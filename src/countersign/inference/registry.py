"""The register of networks: each one's digest, licence, source and way of feeding.

A network is a file. It is read from the folder of the package that carries it, and the package is never imported: its
code has no place in this process. A file whose digest differs is refused, and so is a network of unknown licence. A
force's own networks (`inference.own_networks`) join the register that is installed.
"""

import importlib.util
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path
from typing import Literal, TypeAlias, get_args

from countersign.errors import IntegrityBroken, Invalid, NotFound, Refused
from countersign.inference.licence import check_licence
from countersign.primitives.digest import sha256

__all__ = [
    "InexactScoreError",
    "Network",
    "NetworkDigestError",
    "NetworkMissingError",
    "Registry",
    "RegistryUnreadableError",
    "UnknownNetworkError",
    "check_digest",
    "load_registry",
    "parse_registry",
]

Role: TypeAlias = Literal["detector", "extractor"]
Precision: TypeAlias = Literal["f32", "bf16", "int8"]
Colour: TypeAlias = Literal["rgb", "bgr"]

_FIRST_INEXACT = 2**24  # float32 holds every integer below this
_LARGEST_CODE = 127


class NetworkDigestError(IntegrityBroken):
    """The file is not the network that was registered."""

    code = "network_digest"


class InexactScoreError(Refused):
    """A template this long gives comparison scores that float32 cannot hold exactly."""

    code = "network_scores_inexact"


class UnknownNetworkError(NotFound):
    """No network of this name is registered."""

    code = "network_unknown"


class NetworkMissingError(NotFound):
    """The package that carries the network, or the file within it, is not installed."""

    code = "network_missing"


class RegistryUnreadableError(Invalid):
    """The register is not what it should be: TOML with one table a network."""

    code = "network_registry_unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """One registered network.

    Attributes:
        name: What settings and evidence call it.
        role: What it does.
        sha256: Digest of the file as published.
        licence: SPDX identifier; see `inference.licence`.
        source: Where its makers publish it.
        training_data: What it learned from, as far as published.
        package: Installed package that carries the file; empty for a file that lies beside its register.
        file: Path of the file within that folder.
        precision: Number format of inference; part of an extractor's identity.
        preprocessing: Name and version of how pixels reach it; part of an extractor's identity.
        input_height_px: Height of its input; None when any multiple of 32 will do.
        input_width_px: Width of its input, likewise.
        dimension: Features of one template; 0 for a detector.
        scale: Factor from unit features to int8 codes, about 33.7·√dimension; 0 for a detector.
        colour: Order of the channels that an extractor takes.
        mean: Subtracted from each value in 0 … 255 before an extractor sees it.
        deviation: What the difference is then divided by.
        ranges: At int8, the magnitude at which each layer's input is cut off (`inference.quantising`); empty otherwise.
    """

    name: str
    role: Role
    sha256: str
    licence: str
    source: str
    training_data: str
    package: str
    file: str
    precision: Precision
    preprocessing: str
    input_height_px: int | None = None
    input_width_px: int | None = None
    dimension: int = 0
    scale: float = 0.0
    colour: Colour = "rgb"
    mean: float = 0.0
    deviation: float = 1.0
    ranges: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what may not run, whoever registers it.

        Raises:
            UndeclaredLicenceError: No licence is declared.
            LicenceBarsUseError: The licence does not allow its use.
            InexactScoreError: 127² · dimension reaches 2²⁴.
            ValueError: Role, precision or colour is none that exists here, a number is none to feed it with, or ranges
                are missing at int8 or given without it.
        """
        if self.role not in get_args(Role) or self.precision not in get_args(Precision):
            raise ValueError(f"expected {Role} at {Precision}, got {self.role} at {self.precision}")
        if self.colour not in get_args(Colour) or not (math.isfinite(self.mean) and 0 < self.deviation < math.inf):
            raise ValueError(
                f"expected {Colour}, a mean and a deviation above 0, got {self.colour}, {self.mean}, {self.deviation}"
            )
        if bool(self.ranges) != (self.precision == "int8"):
            raise ValueError(f"expected ranges at int8 and nowhere else, got {len(self.ranges)} at {self.precision}")
        object.__setattr__(self, "ranges", tuple(self.ranges))
        check_licence(self.name, self.licence)
        largest = _LARGEST_CODE**2 * self.dimension
        if largest >= _FIRST_INEXACT:
            raise InexactScoreError(
                f"expected 127² · dimension below 2²⁴ for network {self.name}, got {largest} at {self.dimension}"
            )

    @property
    def number_format(self) -> str:
        """Give the precision as part of an identity: at int8 with the ranges, which decide templates as well."""
        return f"int8-{sha256(repr(self.ranges).encode())[:12]}" if self.ranges else self.precision


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """All registered networks by name.

    Attributes:
        own: Folder of the file of each network that no package carries.
    """

    networks: Mapping[str, Network]
    own: Mapping[str, Path] = field(default_factory=dict)

    def get(self, name: str) -> Network:
        """Give a network by its name.

        Raises:
            UnknownNetworkError: None has this name.
        """
        if name not in self.networks:
            raise UnknownNetworkError(f"expected one of {sorted(self.networks)}, got {name!r}")
        return self.networks[name]

    def read(self, network: Network) -> bytes:
        """Read a network's file and check that it is the one registered.

        Raises:
            NetworkMissingError: Package or file is not installed.
            NetworkDigestError: The file's SHA-256 is not the registered one.
        """
        place = f"package {network.package}" if network.package else "the folder of the force's own networks"
        try:
            data = (self._folder_of(network) / network.file).read_bytes()
        except OSError as cause:
            raise NetworkMissingError(f"expected {network.file} in {place}, got none") from cause
        check_digest(network, data)
        return data

    def joined(self, other: "Registry") -> "Registry":
        """Give a register of both; the two share no name, so that none stands for another network than before.

        Raises:
            RegistryUnreadableError: A name stands in both.
        """
        if twice := sorted(self.networks.keys() & other.networks.keys()):
            raise RegistryUnreadableError(f"expected one network a name, got {twice} twice")
        return replace(self, networks={**self.networks, **other.networks}, own={**self.own, **other.own})

    def _folder_of(self, network: Network) -> Path:
        if network.package:
            return _folder(network.package)
        if network.name not in self.own or Path(network.file).name != network.file:
            raise NetworkMissingError(f"expected {network.file} beside its register, got no such place")
        return self.own[network.name]


def check_digest(network: Network, data: bytes) -> None:
    """Accept a network's file only as it was registered (ENG-05).

    Raises:
        NetworkDigestError: The file's SHA-256 is not the registered one.
    """
    if (digest := sha256(data)) != network.sha256:
        raise NetworkDigestError(f"expected SHA-256 {network.sha256} for network {network.name}, got {digest}")


def _folder(package: str) -> Path:
    """Find an installed package's folder; a top-level package is found without running any of its code."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise NetworkMissingError(f"expected package {package} to be installed, got none")
    return Path(next(iter(spec.submodule_search_locations)))


def parse_registry(text: str, folder: Path | None = None) -> Registry:
    """Read a register of networks from TOML.

    Args:
        text: The register.
        folder: Where it lies, with the files that no package carries.

    Raises:
        RegistryUnreadableError: It is no such register, or two networks share a name.
        UndeclaredLicenceError: A network declares no licence.
        LicenceBarsUseError: A network's licence does not allow its use.
        InexactScoreError: A network's templates are too long for exact scores.
    """
    try:
        rows = [Network(**row) for row in tomllib.loads(text)["network"]]
    except (ValueError, KeyError, TypeError, AttributeError) as cause:
        raise RegistryUnreadableError(f"expected a register of networks, got: {cause}") from cause
    networks = {network.name: network for network in rows}
    if len(networks) != len(rows):
        raise RegistryUnreadableError("expected one network a name, got a name twice")
    own = {name: folder for name, one in networks.items() if not one.package} if folder else {}
    return Registry(networks=networks, own=own)


def load_registry() -> Registry:
    """Read the register that is installed with this software."""
    return parse_registry(files("countersign.inference").joinpath("networks.toml").read_text(encoding="utf-8"))
