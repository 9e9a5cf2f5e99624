"""What every benchmark says at its end."""

import json
from pathlib import Path

RESULTS = Path(__file__).parents[1] / "results"


def report(name: str, result: dict[str, object]) -> None:
    """Print the result as one JSON object and keep it beside the benchmarks."""
    text = json.dumps({"bench": name, **result}, indent=2)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    print(text)
