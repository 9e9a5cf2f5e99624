"""The command as a person first meets it: `python -m countersign --help`, in a process of its own."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main

from countersign.cli.app import app

GROUPS = (
    "person", "programme", "collection", "exhibit", "request", "search", "review", "lead", "report", "ledger",
    "evaluate",
)  # fmt: skip
VERBS = ("init", "erase", "demo")
HEAVY = {
    "numpy",
    "openvino",
    "faiss",
    "sqlalchemy",
    "cv2",
    "pydantic",
    "PIL",
    "apsw",
    "alembic",
    "cedarpy",
    "typst",
    "jinja2",
}


def bare(*arguments: str, home: Path) -> "subprocess.CompletedProcess[str]":
    """Run the command in a process of its own, where nothing of this test is loaded."""
    environment = {"COLUMNS": "80", "HOME": str(home), "PATH": ""}
    command = [sys.executable, *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, env=environment, cwd=home)


def verbs(command: object, name: str = "countersign") -> Iterator[tuple[str, object]]:
    """Give every verb by its full name."""
    children: dict[str, object] | None = getattr(command, "commands", None)
    if children is None:
        yield name, command
        return
    for part, child in children.items():
        yield from verbs(child, f"{name} {part}")


ALL = dict(verbs(typer.main.get_command(app)))


def test_the_help_names_every_group_and_verb_on_80_columns(tmp_path: Path):
    ended = bare("-m", "countersign", "--help", home=tmp_path)
    words = ended.stdout.split()

    assert ended.returncode == 0
    assert ended.stderr == ""
    assert set(GROUPS) | set(VERBS) <= set(words)
    assert "Retrospective face search that has to account for itself." in ended.stdout
    assert max(map(len, ended.stdout.splitlines())) <= 80
    assert list(tmp_path.iterdir()) == []


def test_the_help_says_in_which_order_a_search_comes_about(tmp_path: Path):
    shown = " ".join(bare("-m", "countersign", "--help", home=tmp_path).stdout.split())

    assert "init · person · programme · collection · exhibit · request · search · review · lead · report" in shown


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], []])
def test_help_loads_nothing_heavy(arguments: list[str], tmp_path: Path):
    program = (
        "import sys, json\n"
        "from countersign.cli.app import main\n"
        "try:\n"
        f"    main({arguments!r})\n"
        "except SystemExit:\n"
        "    print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))\n"
    )
    ended = bare("-c", program, home=tmp_path)
    loaded = set(json.loads(ended.stdout.splitlines()[-1]))

    assert "typer" in loaded
    assert not loaded & HEAVY


def test_the_version_is_the_packages(tmp_path: Path):
    from countersign import __version__

    assert bare("-m", "countersign", "--version", home=tmp_path).stdout == f"countersign {__version__}\n"


def options(command: object) -> set[str]:
    return {option for parameter in getattr(command, "params", []) for option in parameter.opts}


@pytest.mark.parametrize("name", sorted(ALL.keys() - {"countersign serve"}))  # serves until it is stopped
def test_every_verb_can_answer_with_one_json_object(name: str):
    assert "--json" in options(ALL[name])


@pytest.mark.parametrize("name", sorted(ALL))
def test_every_verb_says_what_it_does_and_what_each_option_means(name: str):
    command = ALL[name]

    assert getattr(command, "help", "")
    assert [parameter for parameter in getattr(command, "params", []) if not getattr(parameter, "help", "")] == []


UNSIGNED = {
    "countersign init", "countersign demo", "countersign person keygen", "countersign programme status",
    "countersign ledger verify", "countersign ledger verifier", "countersign assurance",
    "countersign ledger check-bundle", "countersign report check",  # anybody may check what they were given
    "countersign keys sweep",  # removes only what no row names
    "countersign evaluate identification", "countersign evaluate headline", "countersign evaluate verification",
    "countersign evaluate folders", "countersign evaluate compare", "countersign evaluate size",
    "countersign evaluate likelihood",
    "countersign network list", "countersign network card",
    "countersign network add",  # puts a file where it can be measured; use is decided by what a programme validates
    "countersign exhibit members",  # names what an archive holds; takes nothing in
    "countersign serve",  # people sign in on its pages
    "countersign policy show", "countersign policy lint", "countersign policy diff",  # the public policy
    "countersign programme new", "countersign programme paper", "countersign collection composition",  # totals only
}  # fmt: skip


def test_every_verb_that_changes_something_is_signed():
    unsigned = {name for name, command in ALL.items() if "--key" not in options(command)}

    assert unsigned == UNSIGNED


def test_a_wrong_word_ends_with_the_exit_code_of_usage(tmp_path: Path):
    ended = bare("-m", "countersign", "serach", home=tmp_path)

    assert ended.returncode == 2
    assert "No such command" in ended.stderr


def test_where_nothing_is_set_up_a_verb_of_its_own_process_says_so(tmp_path: Path):
    ended = bare("-m", "countersign", "programme", "status", "--json", home=tmp_path)

    assert ended.returncode == 4
    assert json.loads(ended.stdout)["code"] == "not_initialised"
    assert "Traceback" not in ended.stderr


def test_a_key_is_made_for_its_owners_eyes_only(tmp_path: Path):
    ended = bare("-m", "countersign", "person", "keygen", "--out", "quist", "--json", home=tmp_path)

    assert ended.returncode == 0
    assert (tmp_path / "quist").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "quist.pub").read_text(encoding="ascii").strip() == json.loads(ended.stdout)["public_key"]
