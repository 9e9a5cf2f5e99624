"""From files to templates, ours and a peer's in turn on the same files."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from countersign.bootstrap import open_engine
from countersign.inference.registry import load_registry
from countersign.media.intake import read_file
from countersign.media.sandbox.decoder import POOL, decode_images
from countersign.operations.describe_pictures import Description, describe_pictures
from countersign.operations.desk import Engine
from countersign.operations.engine import EXTRACTOR
from countersign.operations.reference_source import LIMIT_BYTES
from countersign.settings import Settings

BENCHMARKS = Path(__file__).parents[1]
DATA = BENCHMARKS.parents[1] / "shared" / "data" / "lfw"
EXTRACTORS = (EXTRACTOR, "sface-2021dec-bf16", "sface-2021dec-int8")
ROUNDS = 15
THREADS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One pass over all files."""

    seconds: float
    processor_seconds: float
    templates: int


def compared(name: str, what: str, *, files: int, networks: Sequence[str] = (), data: Path = DATA) -> dict[str, object]:
    """Compare with the peer of a name; see `benchmarks/README.md` for what comes back.

    Args:
        name: Of the peer's script and list of packages in `benchmarks/peers`.
        what: The peer in words.
        files: How many of the folder's files are described in a round.
        networks: Registered networks whose files the peer is given, as published.
        data: Folder of `<subject>/*.jpg`.
    """
    paths = sorted(data.glob("*/*.jpg"))[:files]
    if not paths:
        print(f"skipped: expected face images in {data}, got none")
        raise SystemExit(0)
    with tempfile.TemporaryDirectory() as folder, peer(name, paths, networks, Path(folder)) as (greeting, theirs):
        sides = {extractor: ours(extractor, paths) for extractor in EXTRACTORS}
        for describe in sides.values():
            describe()
        passes: dict[str, list[Round]] = {side: [] for side in (*sides, "peer")}
        for _ in range(ROUNDS):
            for side, describe in {**sides, "peer": theirs}.items():
                passes[side].append(describe())
    default, *others = EXTRACTORS
    return {
        "ours": _rate(passes[default], len(paths)),
        "peer": _rate(passes["peer"], len(paths)),
        "unit": "images/s",
        "ratio": _ratios(passes, default)["ratio"],
        "detail": {
            "ours": "sandboxed decoding, YuNet, thirteen measures of quality, SFace, int8 template",
            "peer": f"{what}, {greeting['version']}",
            **{
                extractor: {"images_per_s": _rate(passes[extractor], len(paths)), **_ratios(passes, extractor)}
                for extractor in (default, *others)
            },
            "files": len(paths),
            "rounds": ROUNDS,
            "threads": {"ours": THREADS, "peer": greeting["threads"]},
            "templates": {side: rounds[0].templates for side, rounds in passes.items()},
            "processor_ms_per_image": {
                side: round(1000 * statistics.median(one.processor_seconds for one in rounds) / len(paths), 1)
                for side, rounds in passes.items()
            },
            "processors": os.cpu_count(),
            "load_1_min": round(os.getloadavg()[0], 1),
        },
    }


def _rate(rounds: Sequence[Round], files: int) -> float:
    return round(statistics.median(files / one.seconds for one in rounds), 1)


def _ratios(passes: Mapping[str, Sequence[Round]], side: str) -> dict[str, object]:
    """Give how many times faster a side is than the peer: in the rounds beside each other, and at its best."""
    pairs = [(one.seconds, peer.seconds) for one, peer in zip(passes[side], passes["peer"], strict=True)]
    ratios = sorted(round(theirs / mine, 2) for mine, theirs in pairs)
    best_mine, best_theirs = (min(column) for column in zip(*pairs, strict=True))
    return {
        "ratio": statistics.median(ratios),
        "ratio_of_best_rounds": round(best_theirs / best_mine, 2),
        "ratios": ratios,
    }


@contextmanager
def peer(
    name: str, paths: Sequence[Path], networks: Sequence[str], folder: Path
) -> Iterator[tuple[dict[str, object], Callable[[], Round]]]:
    """Start a peer in its own environment; give its greeting and a function that has it describe all files once."""
    registry = load_registry()
    arguments = []
    for network in networks:
        arguments.append(str(folder / f"{network}.onnx"))
        Path(arguments[-1]).write_bytes(registry.read(registry.get(network)))
    listing = folder / "paths"
    listing.write_text("\n".join(map(str, paths)), encoding="utf-8")
    command = [str(environment(name)), str(BENCHMARKS / "peers" / f"{name}.py"), *arguments, str(listing)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        asking, answers = process.stdin, process.stdout
        assert asking is not None
        assert answers is not None

        def describe() -> Round:
            asking.write("\n")
            asking.flush()
            return Round(**json.loads(answers.readline()))

        yield json.loads(answers.readline()), describe
        asking.close()


def environment(name: str) -> Path:
    """Make the peer's environment beside ours if it is not there, and give its Python."""
    place = BENCHMARKS.parent / ".venv" / "peers" / name
    python, packages = place / "bin" / "python", BENCHMARKS / "peers" / f"{name}.txt"
    done = place / packages.name
    if not done.exists() or done.read_text(encoding="utf-8") != packages.read_text(encoding="utf-8"):
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(place)], check=True)
        install = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "-r", str(packages)]
        subprocess.run(install, check=True, stdout=sys.stderr)
        done.write_text(packages.read_text(encoding="utf-8"), encoding="utf-8")
    return python


def ours(extractor: str, paths: Sequence[Path]) -> Callable[[], Round]:
    """Give a function that describes all files as enrolment does: the same pipeline, without the database."""
    return describing(open_engine(Settings(threads=THREADS, extractor=extractor)), paths)


def describing(engine: Engine, paths: Sequence[Path]) -> Callable[[], Round]:
    """Give that function for networks that are loaded."""

    def describe() -> Round:
        start, worked = time.perf_counter(), processor_seconds()
        files = (read_file(str(path), limit_bytes=LIMIT_BYTES).data for path in paths)
        pictures = ((None, picture) for picture in decode_images(list(files)))
        found = sum(isinstance(one, Description) for _, one in describe_pictures(engine, pictures, threads=THREADS))
        return Round(
            seconds=time.perf_counter() - start, processor_seconds=processor_seconds() - worked, templates=found
        )

    return describe


def processor_seconds() -> float:
    """Give what this process and its decoders, with their ended children, have worked."""
    ticks = os.sysconf("SC_CLK_TCK")
    decoders = [Path(f"/proc/{warm.process.pid}/stat") for warm in POOL._all]  # noqa: SLF001
    worked = [sum(map(int, stat.read_text().rpartition(")")[2].split()[11:15])) for stat in decoders]
    return time.process_time() + sum(worked) / ticks
