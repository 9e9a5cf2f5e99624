"""One word for one thing: docs/vocabulary.md says which words never stand in our names, messages and pages.

Names are those that we define, not those of libraries that we call. A row of the table is one rule.
"""

import ast
import fnmatch
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.architecture.tree import ROOT, SRC, committed_files, local, modules, parsed

VOCABULARY = ROOT / "docs" / "vocabulary.md"
PAGES = {".md", ".html", ".j2", ".typ", ".toml", ".cedar", ".cedarschema"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row: what to say, the pattern of what never to say, and where that may stand."""

    say: str
    never: re.Pattern[str]
    phrases: re.Pattern[str] | None
    paths: tuple[str, ...]

    def breaches(self, text: str, place: str) -> Iterator[str]:
        """Give the forbidden words of a text that stands at a place in the repository."""
        if any(fnmatch.fnmatchcase(place, path) for path in self.paths):
            return
        rest = self.phrases.sub(" ", text) if self.phrases else text
        for found in self.never.finditer(rest):
            yield f"{place}: {found[0]!r} (say {self.say}) in {' '.join(text.split())[:90]!r}"


def any_of(words: list[str]) -> str:
    """Give a pattern for whole words and parts of snake_case names; all-capital words keep their case."""
    alternatives = [
        re.escape(word) if word.isupper() else f"(?i:{re.escape(word)})".replace(r"\ ", r"[\s_-]+")
        for word in sorted(words, key=len, reverse=True)
    ]
    return rf"(?<![A-Za-z0-9])(?:{'|'.join(alternatives)})(?![A-Za-z0-9])"


@functools.cache
def rules() -> tuple[Rule, ...]:
    made = []
    for line in VOCABULARY.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) != 4 or cells[0] in {"say", "---"}:
            continue
        phrases = re.findall(r'"([^"]+)"', cells[3])
        made.append(
            Rule(
                say=cells[0],
                never=re.compile(any_of([word.strip() for word in cells[2].split(",")])),
                phrases=re.compile("|".join(map(re.escape, phrases)), re.IGNORECASE) if phrases else None,
                paths=tuple(re.findall(r"`([^`]+)`", cells[3])),
            )
        )
    return tuple(made)


def breaches(text: str, place: str) -> list[str]:
    return [breach for rule in rules() for breach in rule.breaches(text, place)]


def spoken(name: str) -> str:
    """Give a name's words apart: ``MatchScore`` and ``match_score`` both read ``match score``."""
    return " ".join(re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+", name)) if name != "__match_args__" else ""


def defined_names(tree: ast.Module) -> Iterator[str]:
    """Give every name that a module defines: functions, classes, arguments, variables, attributes."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name
            case ast.arg():
                yield node.arg
            case ast.Name(ctx=ast.Store()):
                yield node.id
            case ast.Attribute(ctx=ast.Store()):
                yield node.attr
            case _:
                pass


def texts(tree: ast.Module) -> Iterator[str]:
    """Give every piece of text: docstrings, messages, parts of formatted text."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def written_pages() -> list[Path]:
    return [
        path
        for path in committed_files()
        if path.suffix in PAGES
        and path != VOCABULARY
        and (path.is_relative_to(SRC) or path.suffix == ".md")
        and not path.is_relative_to(ROOT / "tests" / "vectors")
    ]


def test_our_names_keep_to_the_vocabulary():
    found = [
        breach
        for path in modules(SRC)
        for name in sorted({path.stem, *defined_names(parsed(path))})
        if name != "model_config"
        for breach in breaches(spoken(name), local(path))
    ]

    assert not found, "\n" + "\n".join(found)


def test_our_messages_and_docstrings_keep_to_the_vocabulary():
    found = [breach for path in modules(SRC) for text in texts(parsed(path)) for breach in breaches(text, local(path))]

    assert not found, "\n" + "\n".join(found)


def test_our_pages_keep_to_the_vocabulary():
    found = [breach for path in written_pages() for breach in breaches(path.read_text(encoding="utf-8"), local(path))]

    assert written_pages()
    assert not found, "\n" + "\n".join(found)


def test_a_forbidden_word_is_found_in_a_sentence_a_name_and_a_plural_but_not_inside_another_word():
    place = "src/countersign/search/candidates.py"

    assert breaches("the best match comes first", place)
    assert breaches(spoken("MatchScore"), place)
    assert breaches(spoken("best_hits"), place)
    assert not breaches("architecture, rematch, so far", place)
    assert breaches("measured at FAR 0.01", place)


def test_the_last_column_allows_a_word_where_it_says():
    assert not breaches("a list of embeddings", "src/countersign/inference/openvino.py")
    assert breaches("a list of embeddings", "src/countersign/templates/extractor.py")
    assert not breaches("a lead is not an identification", "README.md")
    assert breaches("an identification was made", "README.md")
