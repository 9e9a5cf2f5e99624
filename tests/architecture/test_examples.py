"""Examples in docstrings are run: an example that is not true misleads more than none."""

import doctest
import importlib
from pathlib import Path

import pytest

from tests.architecture.tree import SRC, local, modules

WITH_EXAMPLES = [path for path in modules(SRC) if ">>> " in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("path", WITH_EXAMPLES, ids=local)
def test_the_examples_of_a_module_are_true(path: Path):
    name = ".".join(path.relative_to(SRC.parent).with_suffix("").parts)

    outcome = doctest.testmod(importlib.import_module(name))

    assert outcome.attempted
    assert not outcome.failed


def test_there_are_examples():
    assert len(WITH_EXAMPLES) > 5
