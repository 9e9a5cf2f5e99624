"""A network's card: what it is, who allows its use, what it learned from, and what was measured with it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from countersign.errors import Invalid
from countersign.evaluation.measurement import Rate
from countersign.evaluation.one_to_many import OneToMany
from countersign.evaluation.one_to_one import OneToOne
from countersign.evaluation.resampling import Estimate
from countersign.inference.registry import Network, Registry
from countersign.operations.evaluation_conditions import EvaluationConditions
from countersign.primitives.codec import from_plain
from countersign.primitives.digest import sha256
from countersign.templates.extractor import FOUND_BY, extractor_identity

__all__ = ["Measured", "NetworkLine", "lines", "network_card", "read_measured"]

NOTHING_MEASURED = "Nothing was measured with it here."
CERTIFIES_NOTHING = (
    "Figures of research data certify nothing: before use, a force measures on its own imagery and at its own N."
)


class MeasuredFileError(Invalid):
    """The file is not the JSON of an evaluation, or it is one of another network."""

    code = "measured_file"


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkLine:
    """One network of the register, in short."""

    name: str
    role: str
    licence: str
    sha256: str
    precision: str
    dimension: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One evaluation, as its JSON file has it."""

    conditions: EvaluationConditions
    result: OneToMany | OneToOne


def lines(registry: Registry) -> tuple[NetworkLine, ...]:
    """Give every registered network."""
    return tuple(
        NetworkLine(
            name=one.name,
            role=one.role,
            licence=one.licence,
            sha256=one.sha256,
            precision=one.precision,
            dimension=one.dimension,
        )
        for one in registry.networks.values()
    )


def read_measured(file: Path) -> Measured:
    """Read the JSON of an evaluation.

    Raises:
        MeasuredFileError: It is none.
    """
    try:
        plain: Mapping[str, Mapping[str, object]] = json.loads(file.read_bytes())
        kind = OneToMany if "cmc" in plain["measured"] else OneToOne
        return Measured(
            conditions=from_plain(EvaluationConditions, plain["conditions"]), result=from_plain(kind, plain["measured"])
        )
    except (OSError, ValueError, KeyError, TypeError, Invalid) as cause:
        raise MeasuredFileError(f"expected the JSON file of an evaluation in {file.name}, got: {cause}") from cause


def network_card(registry: Registry, name: str, measured: Iterable[Measured] = ()) -> str:
    """Give a network's card as Markdown: figures only, nobody's face or name.

    Raises:
        UnknownNetworkError: None has this name.
        MeasuredFileError: An evaluation was made with another network.
    """
    network = registry.get(name)
    chapters = []
    for one in measured:
        _demand_same(network, one.conditions)
        chapters.append(_chapter(network, one))
    told = [*chapters, CERTIFIES_NOTHING] if chapters else [f"{NOTHING_MEASURED} {CERTIFIES_NOTHING}"]
    return "\n\n".join([f"# {network.name}", _facts(network), *told]) + "\n"


def _demand_same(network: Network, given: EvaluationConditions) -> None:
    """Refuse another network's figures; of a detector the one digest over both networks tells."""
    if network.role == "extractor":
        wanted, got = extractor_identity(network), given.extractor.split(FOUND_BY)[0]
    else:
        wanted, got = sha256(f"{network.sha256} {given.extractor}".encode()), given.network
    if wanted != got:
        raise MeasuredFileError(f"expected an evaluation of {network.name}, {wanted}, got one of {got}")


def _facts(network: Network) -> str:
    rows = [
        ("does", "locates faces" if network.role == "detector" else f"{network.dimension} features of an aligned face"),
        ("file", f"`{network.file}`" + (f" of the package `{network.package}`" if network.package else "")),
        ("SHA-256", f"`{network.sha256}`"),
        ("licence", network.licence),
        ("source", network.source),
        ("training data", network.training_data),
        ("precision", network.precision),
        ("preprocessing", f"`{network.preprocessing}`"),
    ]
    if network.role == "extractor":
        fed = f"{network.colour.upper()}, each value less {network.mean:g}, divided by {network.deviation:g}"
        rows += [("pixels", fed), ("codes", f"int8, unit features × {network.scale:g}")]
        rows += [("identity", f"`{extractor_identity(network)}`")]
    return "\n".join(["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)])


def _chapter(network: Network, one: Measured) -> str:
    given, result = one.conditions, one.result
    told, rates = _searched(result) if isinstance(result, OneToMany) else _paired(result)
    if network.role == "detector":
        rates = [row for row in rates if row[0].startswith("no template")]
    head = f"## {told}, on {given.data}, {given.measured_at:%d %B %Y}"
    asked = f"`countersign {given.asked['command']}`; " if given.asked.get("command") else ""
    made = f"{asked}list of pictures `{given.data_sha256}`; version {given.code}."
    if network.role == "detector":
        made += f" Extractor: `{given.extractor}`."
    rows = [_row(name, rate) for name, rate in rates]
    return "\n".join(
        [head, "", made, "", "| what | value | 95 % interval | trials | people |", "|---|---|---|---|---|", *rows]
    )


_Rates = list[tuple[str, Estimate | Rate]]


def _searched(result: OneToMany) -> tuple[str, _Rates]:
    kind = "all stills of a person as one probe" if result.sets else "one still a probe"
    rates: _Rates = [
        ("no template of a probe", result.failures_to_acquire),
        ("no template of a reference", result.failures_to_enrol),
    ]
    rates += [(f"mate among the first {rank}", rate) for rank, rate in result.ranked.items()]
    rates += [(f"FNIR at {point.name}", point.fnir) for point in result.points]
    rates += [(f"FPIR at {point.name}", point.fpir) for point in result.points if point.list_length]
    counts = result.counts
    of = f"{counts.references} references of {counts.people_searched_for} people sought, N = {counts.gallery_subjects}"
    return f"One-to-many search, {of}, {kind}", rates


def _paired(result: OneToOne) -> tuple[str, _Rates]:
    rates: _Rates = [("no template of a pair", result.failures_to_acquire)]
    rates += [(f"FNMR at FMR {point.fmr_asked:g}", point.fnmr) for point in result.points]
    return f"One-to-one comparison, {result.mated} mated and {result.non_mated} non-mated pairs", rates


def _row(name: str, rate: Estimate | Rate) -> str:
    trials, people = (rate.trials, "") if isinstance(rate, Rate) else (rate.searches, str(rate.subjects))
    value, low, high = ("undefined" if end is None else f"{end:.3f}" for end in (rate.value, rate.low, rate.high))
    return f"| {name} | {value} | {low} to {high} | {trials} | {people} |"
