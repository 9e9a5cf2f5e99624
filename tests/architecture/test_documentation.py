"""What an operator can set, grant or find in the log is written down."""

import re
import tomllib

from tests.architecture.tree import ROOT

REFERENCE = ROOT / "docs" / "reference"


def page(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


def rows(name: str) -> dict[str, str]:
    """Give the rows of a page's tables by the code in their first cell."""
    return {found[1]: found[0] for found in re.finditer(r"^\| `([^`]+)` \|.*$", page(name), flags=re.MULTILINE)}


def test_every_setting_is_documented_with_its_meaning():
    from countersign.settings import Settings

    written = rows("settings.md")
    wrong = [
        f"| `COUNTERSIGN_{name.upper()}` | … | {field.description} |"
        for name, field in Settings.model_fields.items()
        if (field.description or name) not in written.get(f"COUNTERSIGN_{name.upper()}", "")
    ]

    assert Settings.model_fields
    assert not wrong, "expected these rows in docs/reference/settings.md:\n" + "\n".join(wrong)
    assert len(written) == len(Settings.model_fields), "a documented setting does not exist"


def test_every_event_kind_is_documented_with_its_statutory_operation_its_meaning_and_its_facts():
    from countersign.ledger.event import EventKind

    def row(kind: EventKind) -> str:
        facts = ", ".join(f"`{name}`" for name in kind.facts)
        return f"| `{kind.value}` | {kind.operation} | {kind.meaning} | {facts} |"

    written = rows("event-kinds.md")
    wrong = [row(kind) for kind in EventKind if written.get(kind.value) != row(kind)]

    assert not wrong, "expected these rows in docs/reference/event-kinds.md:\n" + "\n".join(wrong)
    assert written.keys() == {kind.value for kind in EventKind}, "a documented event kind does not exist"


def test_every_permission_is_documented():
    from countersign.governance.permission import Permission

    assert list(Permission)
    assert rows("permissions.md").keys() == {permission.value for permission in Permission}


def test_every_family_of_errors_is_documented_with_its_exit_code():
    from countersign import errors

    families: list[type[errors.CountersignError]] = [errors.CountersignError, *errors.CountersignError.__subclasses__()]
    codes = {str(family.exit_code) for family in families if family.__module__ == errors.__name__}

    assert codes | {"0", "2"} == rows("exit-codes.md").keys()


def verbs(command: object, name: str) -> list[str]:
    """Give the full names of a command's verbs; a group's verbs instead of the group."""
    children: dict[str, object] | None = getattr(command, "commands", None)
    if children is None:
        return [name]
    return [verb for part, child in children.items() for verb in verbs(child, f"{name} {part}")]


def test_every_verb_of_the_command_line_is_documented():
    import typer.main

    from countersign.cli.app import app

    existing = set(verbs(typer.main.get_command(app), "countersign"))

    assert existing
    assert existing == rows("cli.md").keys(), "docs/reference/cli.md and the command line do not name the same verbs"


def test_every_field_of_an_entry_is_documented():
    from dataclasses import fields

    from countersign.ledger.entry import Entry

    assert {"v", *(field.name for field in fields(Entry))} == rows("entry-schema.md").keys()


def test_the_readme_names_only_verbs_of_make_that_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    verbs = set(re.findall(r"^([a-z-]+):.*##", makefile, flags=re.MULTILINE))
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    named = {
        verb for path in pages for verb in re.findall(r"(?:`|\$ )make ([a-z-]+)", path.read_text(encoding="utf-8"))
    }

    assert {"demo", "test"} <= named <= verbs
    assert len(verbs) <= 12


def test_every_fragment_of_the_changelog_has_a_known_kind():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["towncrier"]
    kinds = {kind["directory"] for kind in settings["type"]}
    fragments = [path.name for path in (ROOT / "changelog.d").glob("*.md") if path.name != "README.md"]

    assert not [name for name in fragments if name.split(".")[1] not in kinds]
    assert "operator" in kinds


def test_every_edit_is_documented_with_its_numbers():
    from countersign.media.edits import PARAMETERS, Op

    assert rows("edits.md").keys() == set(Op)
    text = (ROOT / "docs/reference/edits.md").read_text(encoding="utf-8")
    named = {name for told in PARAMETERS.values() for name in told if name[0] not in "xy"}
    assert not [name for name in named if f"`{name}`" not in text]


def test_every_field_of_what_a_person_writes_is_documented():
    from dataclasses import fields

    from countersign.governance.request import RequestForm
    from countersign.media.exhibit import DerivedFrom
    from countersign.operations.reference_batch import ReferenceRow
    from countersign.review.facial_review import Opinion

    asked = {field.name for form in (RequestForm, ReferenceRow, Opinion, DerivedFrom) for field in fields(form)}
    assert rows("forms.md").keys() == asked
