"""What is refused at the command line: a clear message, the family's exit code, one entry, and nothing changed."""

import io
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import cast, get_origin, get_type_hints

import pytest
from PIL import Image

from countersign.cli.demonstration.casework import AGAINST, FORM
from countersign.cli.demonstration.force import PROVENANCE
from countersign.governance.actor import Role
from countersign.governance.programme import ArtefactType, ProgrammeKind, ProgrammeState
from countersign.governance.register import ImageOrigin
from countersign.operations.work import Work
from countersign.primitives.privacy import Privacy
from countersign.primitives.repository import Repository
from tests.journeys.command_line import CommandLine, Ended, RememberingEngine
from tests.journeys.station import Station

REFUSED, NOT_FOUND, INVALID, CONFLICT = 3, 4, 5, 6
FAMILY = {REFUSED: "Refused", NOT_FOUND: "NotFound", INVALID: "Invalid", CONFLICT: "Conflict"}
ENTITIES = sorted(name for name, kind in get_type_hints(Work).items() if get_origin(kind) is Repository)


def _blank() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (64, 64), "grey").save(stream, "PNG")
    return stream.getvalue()


PICTURE = _blank()
"""A picture of nobody."""


def rows(work: Work) -> dict[str, object]:
    """Give everything that an operation could have changed."""
    kept = {name: sorted(map(repr, getattr(work, name).where())) for name in ENTITIES}
    galleries = [work.gallery.version(collection.id) for collection in work.collections.where()]
    return {**kept, "galleries": galleries}


def entries(work: Work) -> list[dict[str, object]]:
    return [json.loads(entry) for entry in work.ledger.entry_bytes(0, work.ledger.head())]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refused command and what it left in the log."""

    ended: Ended
    denied: Mapping[str, object]


def check_refused(station: Station, exit_code: int, code: str, *arguments: object) -> Refusal:
    """Run a command that must be refused by an operation: message, exit code, one ``denied`` entry, nothing changed."""
    with station.command.archive() as work:
        before, known = rows(work), len(entries(work))
    ended = station.command.run(*arguments, "--json")
    with station.command.archive() as work:
        after, new = rows(work), entries(work)[known:]
    shown = ended.json()

    assert (ended.exit_code, shown["error"], shown["code"], shown["exit"]) == (
        exit_code,
        FAMILY[exit_code],
        code,
        exit_code,
    )
    assert "expected" in cast("str", shown["message"])
    assert "Traceback" not in ended.err
    assert after == before
    assert [(entry["kind"], cast("dict[str, str]", entry["facts"])["reason"]) for entry in new] == [("denied", code)]
    return Refusal(ended, new[0])


def check_turned_away(command: CommandLine, exit_code: int, code: str, *arguments: object) -> str:
    """Run a command that the door or the wiring turns away before any operation; give the message."""
    ended = command.run(*arguments, "--json")
    shown = ended.json()

    assert (ended.exit_code, shown["code"], shown["exit"]) == (exit_code, code, exit_code)
    assert "Traceback" not in ended.err
    text = command.run(*arguments)
    assert text.exit_code == exit_code
    assert code in text.err
    assert text.out == ""
    return cast("str", shown["message"])


@pytest.fixture
def proposed(begun: Station, tmp_path: Path) -> Station:
    return begun.copied(tmp_path / "station")


@pytest.fixture
def open_station(piloted: Station, tmp_path: Path) -> Station:
    return piloted.copied(tmp_path / "station")


def collection_of(station: Station) -> str:
    with station.command.archive() as work:
        return work.collections.where()[-1].id


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory, piloted: Station, research_images: Path) -> Station:
    """Give a station that holds two views of two people and more people with more than one role."""
    station = piloted.copied(tmp_path_factory.mktemp("small") / "station")
    frmdb = research_images / "frmdb"
    files = [(who, frmdb / who / f"mugshot_{view}.jpg") for who in ("031", "032") for view in ("33", "34")]
    station.enrol(collection_of(station), station.manifest(files))
    station.add("both", Role.REQUESTER, Role.AUTHORISING_OFFICER, rank="superintendent", team="both")
    return station


@dataclass(frozen=True, slots=True)
class Asked:
    """A station with one authorised request."""

    station: Station
    probe: str
    request: str
    stills: list[Path]


@pytest.fixture(scope="session")
def asked_once(tmp_path_factory: pytest.TempPathFactory, small: Station, research_images: Path) -> Asked:
    station = small.copied(tmp_path_factory.mktemp("asked") / "station")
    stills = [research_images / "frmdb" / "031" / "cctv_02.jpg", research_images / "frmdb" / "031" / "cctv_04.jpg"]
    probe, _ = station.probe(stills)
    return Asked(station, probe, station.ask(probe, collection_of(station)), stills)


@pytest.fixture
def asked(asked_once: Asked, tmp_path: Path) -> Asked:
    return replace(asked_once, station=asked_once.station.copied(tmp_path / "station"))


def key(station: Station, who: str) -> tuple[str, Path]:
    return ("--key", station.key(who))


# -- the programme


def test_an_impact_assessment_past_its_review_date_is_not_taken_in(proposed: Station):
    signed = proposed.document(ArtefactType.DPIA, review_by=proposed.today() - timedelta(days=1))

    check_refused(proposed, REFUSED, "artefact_dates", "programme", "submit", signed, *key(proposed, "controller"))


def test_an_impact_assessment_that_expires_stops_searches(asked: Asked):
    later = asked.station.at(asked.station.days_ago(-151))
    refusal = check_refused(later, REFUSED, "artefact_expired", "search", "run", asked.request, *key(later, "operator"))

    assert "dpia" in refusal.ended.out


def test_without_an_ethics_opinion_the_programme_stands_still(proposed: Station):
    proposed.open_programme(until=ProgrammeState.DPIA_APPROVED)
    advance = ("programme", "advance", "--to", "ethics_reviewed", *key(proposed, "oversight"))
    refusal = check_refused(proposed, REFUSED, "artefact_missing", *advance)

    assert "ethics_opinion" in refusal.ended.out


def test_a_step_of_the_programme_is_its_signers_alone(proposed: Station):
    proposed.submit_document(ArtefactType.DPIA)
    advance = ("programme", "advance", "--to", "dpia_approved", *key(proposed, "oversight"))

    check_refused(proposed, REFUSED, "transition_role", *advance)


def test_no_state_of_the_programme_is_skipped(proposed: Station):
    check_refused(
        proposed, REFUSED, "transition", "programme", "advance", "--to", "pilot", *key(proposed, "controller")
    )


def test_a_document_that_was_altered_after_its_signature_is_not_taken_in(proposed: Station):
    signed = proposed.document(ArtefactType.DPIA)
    document = json.loads(signed.read_text(encoding="utf-8"))
    document["content"] = document["content"].replace("medium", "low")
    signed.write_text(json.dumps(document), encoding="utf-8")

    check_refused(proposed, REFUSED, "signature", "programme", "submit", signed, *key(proposed, "controller"))


def test_real_custody_images_are_not_taken_by_a_test_programme(proposed: Station):
    proposed.command.do(*proposed.register_arguments(ImageOrigin.CUSTODY_SUITE))
    folder = proposed.home / "folder"
    (folder / "one").mkdir(parents=True)
    enrol = (
        "collection", "enrol", collection_of(proposed), folder, "--status", "convicted", "--review-due",
        proposed.today() + timedelta(days=9), "--provenance", "custody suite", *key(proposed, "owner"),
    )  # fmt: skip

    check_refused(proposed, REFUSED, "real_data_kind", *enrol)


def test_below_pilot_no_exhibit_is_sealed(proposed: Station):
    proposed.open_programme(until=ProgrammeState.POLICY_IN_FORCE)
    still = proposed.home / "still.png"
    still.write_bytes(PICTURE)

    check_refused(proposed, REFUSED, "programme_state", *proposed.seal_arguments(still, taken=proposed.days_ago(3)))


def test_a_suspended_programme_searches_no_more(asked: Asked):
    station = asked.station
    station.command.do("programme", "advance", "--to", "suspended", *key(station, "dpo"))

    check_refused(station, REFUSED, "programme_state", "search", "run", asked.request, *key(station, "operator"))


# -- production


@pytest.fixture
def production(tmp_path: Path, networks: RememberingEngine) -> Station:
    """Give a production programme in PROPOSED with an asset owner; its passphrase is in a file of its own."""
    home = tmp_path / "production"
    home.mkdir()
    passphrase = home / "passphrase"
    passphrase.write_text("only for this test", encoding="utf-8")
    station = Station(CommandLine(home, networks, passphrase_file=passphrase))
    station.initialise(ProgrammeKind.PRODUCTION)
    station.add("owner", Role.ASSET_OWNER)
    return station


def test_a_production_programme_is_not_set_up_without_a_passphrase_of_its_own(
    tmp_path: Path, networks: RememberingEngine
):
    station = Station(CommandLine(tmp_path / "production", networks))
    for who in ("controller", "dpo", "oversight"):
        station.keygen(who)
    message = check_turned_away(
        station.command, REFUSED, "passphrase", *station.init_arguments(ProgrammeKind.PRODUCTION)
    )

    assert "--passphrase-file" in message
    assert not (station.home / "data").exists()
    assert not (station.home / "keys").exists()


def test_real_custody_images_wait_for_the_policy_to_be_in_force(production: Station):
    production.command.do(*production.register_arguments(ImageOrigin.CUSTODY_SUITE))
    manifest = manifest_of(production, PICTURE)
    enrol = ("collection", "enrol", collection_of(production), manifest, *key(production, "owner"))

    check_refused(production, REFUSED, "real_data_too_early", *enrol)


# -- references


def manifest_of(station: Station, picture: bytes, provenance: str = PROVENANCE) -> Path:
    file = station.home / "one.png"
    file.write_bytes(picture)
    return station.manifest([("one", file)], provenance=provenance)


def test_a_scraped_batch_of_references_is_refused_as_a_whole(open_station: Station):
    manifest = manifest_of(open_station, PICTURE, provenance="profile pictures scraped from social media")
    enrol = ("collection", "enrol", collection_of(open_station), manifest, *key(open_station, "owner"))

    check_refused(open_station, REFUSED, "scraped_reference", *enrol)


def test_a_scraped_collection_is_not_registered(open_station: Station):
    register = open_station.register_arguments(provenance="gathered by a crawler from the web")

    check_refused(open_station, REFUSED, "scraped_reference", *register)


def test_only_the_asset_owner_enrols(open_station: Station):
    manifest = manifest_of(open_station, PICTURE)
    enrol = ("collection", "enrol", collection_of(open_station), manifest, *key(open_station, "operator"))
    refusal = check_refused(open_station, REFUSED, "not_permitted", *enrol)

    assert cast("dict[str, str]", refusal.denied["facts"])["spoke"] == "policy"


@pytest.mark.parametrize(
    ("text", "named"),
    [("a,b\n1,2\n", "custody_record"), ("", "custody_record"), ("\x00\x01\n", "custody_record")],
    ids=["other columns", "empty", "no text"],
)
def test_a_manifest_that_is_none_is_refused_as_a_whole(text: str, named: str, open_station: Station):
    manifest = open_station.home / "manifest.csv"
    manifest.write_text(text, encoding="utf-8")
    enrol = ("collection", "enrol", collection_of(open_station), manifest, *key(open_station, "owner"))
    refusal = check_refused(open_station, INVALID, "manifest", *enrol)

    assert named in refusal.ended.out


def test_a_manifest_in_another_encoding_or_not_there_is_refused_with_its_reason(open_station: Station):
    manifest = open_station.home / "manifest.csv"
    manifest.write_bytes(b"\xff\xfe\x00bad")
    enrol = ("collection", "enrol", collection_of(open_station))

    check_refused(open_station, INVALID, "manifest", *enrol, manifest, *key(open_station, "owner"))
    check_refused(open_station, INVALID, "manifest", *enrol, manifest.parent / "no.csv", *key(open_station, "owner"))


def test_a_folder_without_its_legal_basis_is_refused(open_station: Station):
    enrol = ("collection", "enrol", collection_of(open_station), open_station.home, *key(open_station, "owner"))

    check_refused(open_station, INVALID, "folder_defaults_missing", *enrol)


def test_a_bad_row_is_listed_and_stops_nothing(open_station: Station):
    manifest = manifest_of(open_station, b"\xff\xd8\xff broken")
    with manifest.open("a", encoding="utf-8") as stream:
        due = open_station.today() + timedelta(days=9)
        stream.write(f"two,two/1,../one.png,convicted,2026-01-01T00:00:00Z,{due},,test data\n")
        stream.write(f"three,three/1,one.png,guilty,2026-01-01T00:00:00Z,{due},,test data\n")
        stream.write(f"four,four/1,no.png,convicted,2026-01-01T00:00:00Z,{due},,test data\n")
    shown = open_station.enrol(collection_of(open_station), manifest)
    files = cast("list[dict[str, str]]", shown["files"])

    assert [(row["subject"], row["outcome"]) for row in files] == [
        ("one", "failed"), ("two", "refused"), ("three", "refused"), ("four", "failed"),
    ]  # fmt: skip
    assert all(row["reason"] for row in files)


# -- exhibits: nothing live, nothing young


def pipe(folder: Path) -> Path:
    os.mkfifo(folder / "pipe.png")
    return folder / "pipe.png"


def link(folder: Path) -> Path:
    (folder / "still.png").write_bytes(PICTURE)
    (folder / "link.png").symlink_to(folder / "still.png")
    return folder / "link.png"


def playlist(folder: Path) -> Path:
    (folder / "live.m3u8").write_text("#EXTM3U\n", encoding="utf-8")
    return folder / "live.m3u8"


def hidden_playlist(folder: Path) -> Path:
    (folder / "still.png").write_text("#EXTM3U\n#EXT-X-VERSION:3\n", encoding="utf-8")
    return folder / "still.png"


def no_picture(folder: Path) -> Path:
    (folder / "still.png").write_text("no picture at all", encoding="utf-8")
    return folder / "still.png"


def empty(folder: Path) -> Path:
    (folder / "still.png").touch()
    return folder / "still.png"


LIVE: dict[str, tuple[int, str, Callable[[Path], object]]] = {
    "rtsp": (REFUSED, "input_is_a_stream", lambda _: "rtsp://camera.example/1"),
    "http": (REFUSED, "input_is_a_stream", lambda _: "http://example.org/still.png"),
    "https": (REFUSED, "input_is_a_stream", lambda _: "https://example.org/still.png"),
    "file address": (REFUSED, "input_is_a_stream", lambda folder: f"file://{folder}/still.png"),
    "standard input": (REFUSED, "input_is_a_stream", lambda _: "-"),
    "device": (REFUSED, "input_is_not_a_file", lambda _: "/dev/zero"),
    "folder": (REFUSED, "input_is_not_a_file", lambda folder: folder),
    "pipe": (REFUSED, "input_is_not_a_file", pipe),
    "link": (REFUSED, "input_is_a_link", link),
    "playlist": (REFUSED, "input_is_a_playlist", playlist),
    "hidden playlist": (REFUSED, "input_is_a_playlist", hidden_playlist),
    "nothing there": (NOT_FOUND, "input_not_found", lambda folder: folder / "no.png"),
    "empty": (REFUSED, "input_is_empty", empty),
    "no picture": (INVALID, "undecodable_image", no_picture),
}


@pytest.mark.parametrize("kind", LIVE)
def test_an_input_that_is_no_closed_picture_is_refused(kind: str, open_station: Station):
    exit_code, code, make = LIVE[kind]
    folder = open_station.home / "input"
    folder.mkdir()

    check_refused(
        open_station, exit_code, code, *open_station.seal_arguments(str(make(folder)), taken=open_station.days_ago(3))
    )


@contextmanager
def written_to(path: Path) -> Iterator[None]:
    with path.open("ab"):
        yield


def test_a_file_that_somebody_still_writes_to_is_refused(open_station: Station):
    still = open_station.home / "still.png"
    still.write_bytes(PICTURE)
    with written_to(still):
        check_refused(
            open_station,
            REFUSED,
            "input_is_growing",
            *open_station.seal_arguments(still, taken=open_station.days_ago(3)),
        )

    assert open_station.seal(still)


def test_imagery_of_unknown_age_is_refused(open_station: Station):
    still = open_station.home / "still.png"
    still.write_bytes(PICTURE)

    check_refused(open_station, REFUSED, "capture_time_unknown", *open_station.seal_arguments(still, taken=None))


def test_imagery_from_the_future_is_refused(open_station: Station):
    still = open_station.home / "still.png"
    still.write_bytes(PICTURE)
    taken = open_station.days_ago(-1)

    check_refused(open_station, REFUSED, "capture_in_future", *open_station.seal_arguments(still, taken=taken))


def test_imagery_younger_than_a_day_cannot_be_asked_about(small: Station, tmp_path: Path, research_images: Path):
    station = small.copied(tmp_path / "station")
    young = station.days_ago(0) - timedelta(hours=23)
    exhibit = station.seal(research_images / "frmdb" / "031" / "cctv_02.jpg", taken=young)
    station.faces(exhibit)
    request = station.draft(station.mark([exhibit]), collection_of(station))
    refusal = check_refused(
        station, REFUSED, "imagery_too_young", "request", "submit", request, *key(station, "requester")
    )

    assert "24 h" in refusal.ended.out


@pytest.mark.parametrize("text", ["yesterday", "2026-01-31T12:00:00", "2026-13-01T00:00:00Z"])
def test_a_capture_time_that_is_none_is_turned_away(text: str, open_station: Station):
    seal = (
        "exhibit", "add", "x.png", "--case", "1", "--number", "1", "--source-type", "cctv",
        "--depicts", "photograph", "--privacy", "public_place", "--basis", "recorder_log",
        "--lawful-origin", "x", "--supplied-by", "x", "--captured-latest", text, *key(open_station, "requester"),
    )  # fmt: skip
    message = check_turned_away(open_station.command, INVALID, "time", *seal)

    assert text in message


# -- requests


def test_one_person_cannot_ask_and_authorise(asked: Asked):
    station = asked.station
    request = station.draft(asked.probe, collection_of(station), who="both")
    station.submit(request, who="both")

    check_refused(station, REFUSED, "not_permitted", *station.authorise_arguments(request, who="both"))


def test_the_officer_who_authorised_cannot_search(asked: Asked):
    search = ("search", "run", asked.request, *key(asked.station, "officer"))

    check_refused(asked.station, REFUSED, "not_permitted", *search)


def test_an_authorisation_buys_one_search(asked: Asked):
    asked.station.search(asked.request)

    check_refused(
        asked.station, REFUSED, "authorisation_spent", "search", "run", asked.request, *key(asked.station, "operator")
    )


def test_an_authorisation_lapses(asked: Asked):
    later = asked.station.at(asked.station.days_ago(-15))

    check_refused(later, REFUSED, "authorisation_expired", "search", "run", asked.request, *key(later, "operator"))


def test_what_nobody_authorised_is_not_searched(asked: Asked):
    station = asked.station
    request = station.draft(asked.probe, collection_of(station))

    check_refused(station, NOT_FOUND, "not_authorised", "search", "run", request, *key(station, "operator"))


def test_a_request_from_private_premises_needs_a_higher_officer(asked: Asked):
    station = asked.station
    station.add("inspector", Role.AUTHORISING_OFFICER, rank="inspector", team="elsewhere")
    form = station.form(replace(FORM, privacy=Privacy.PRIVATE_PREMISES))
    draft = ("request", "draft", "--probe", asked.probe, "--collection", collection_of(station), "--form", form)
    request = cast("str", station.command.do(*draft, *key(station, "requester"))["id"])
    station.submit(request)

    check_refused(station, REFUSED, "rank_too_low", *station.authorise_arguments(request, who="inspector"))


def test_a_form_without_alternatives_is_not_submitted(asked: Asked):
    station = asked.station
    form = station.form(replace(FORM, alternatives_tried="none"))
    draft = ("request", "draft", "--probe", asked.probe, "--collection", collection_of(station), "--form", form)
    request = cast("str", station.command.do(*draft, *key(station, "requester"))["id"])

    check_refused(station, REFUSED, "no_alternatives", "request", "submit", request, *key(station, "requester"))


# -- reviews and leads


def test_one_examiner_cannot_give_two_opinions(asked: Asked):
    station = asked.station
    station.search(asked.request)
    station.review(asked.request, "operator", b"")
    again = ("review", "open", asked.request, "--out", station.home / "again", *key(station, "operator"))

    check_refused(station, REFUSED, "examiner_repeated", *again)
    assert not list((station.home / "again").iterdir())


def test_an_opinion_before_the_analysis_is_refused(asked: Asked):
    station = asked.station
    station.search(asked.request)
    review = station.open_review(asked.request, "operator")
    opinions = station.opinions({"A": True})

    check_refused(
        station, REFUSED, "review_state", "review", "opine", review, "--opinions", opinions, *key(station, "operator")
    )


def test_a_review_is_its_examiners_alone(asked: Asked):
    station = asked.station
    station.search(asked.request)
    review = station.open_review(asked.request, "operator")
    analyse = (
        "review", "analyse", review, "--features", "oval outline, straight brows", "--limits", "blurred, from above",
        "--one-person", "--out", station.home / "peek", *key(station, "examiner"),
    )  # fmt: skip

    check_refused(station, REFUSED, "not_examiner", *analyse)


def test_the_requester_never_opens_a_review(asked: Asked):
    station = asked.station
    station.search(asked.request)

    check_refused(
        station, REFUSED, "not_permitted",
        "review", "open", asked.request, "--out", station.home / "peek", *key(station, "requester"),
    )  # fmt: skip


# -- names, keys and files


UNKNOWN = {
    "collection": ("collection", "enrol", "nothing", "x.csv", "--key", "owner"),
    "exhibit": ("exhibit", "faces", "nothing", "--out", "x.png", "--key", "requester"),
    "request": ("request", "show", "nothing", "--key", "requester"),
    "submitted request": ("request", "submit", "nothing", "--key", "requester"),
    "refused request": (
        "request", "refuse", "nothing", "--reason", "not_necessary", "--explanation", "x", "--key", "officer",
    ),
    "searched request": ("search", "run", "nothing", "--key", "operator"),
    "lead": ("lead", "release", "nothing", "--key", "operator"),
    "reconfirmed lead": ("lead", "reconfirm", "nothing", "--reasons-against", AGAINST, "--key", "officer"),
    "reported lead": ("report", "lead", "nothing", "--out", "x", "--key", "requester"),
    "erased subject": ("erase", "nobody", "--collection", "nothing", "--rule", "unlawful", "--key", "owner"),
}  # fmt: skip


@pytest.mark.parametrize("what", UNKNOWN)
def test_an_id_that_names_nothing_is_not_found(what: str, open_station: Station):
    *command, who = UNKNOWN[what]
    there = [str(open_station.home / part) if part.startswith("x") and part != "x" else part for part in command]
    if what == "collection":
        there[3] = str(manifest_of(open_station, PICTURE))
    with open_station.command.archive() as work:
        known = work.ledger.head()
    ended = open_station.command.run(*there, open_station.key(who), "--json")
    with open_station.command.archive() as work:
        new = entries(work)[known:]

    assert ended.exit_code == NOT_FOUND
    assert ended.json()["error"] == "NotFound"
    assert [entry["kind"] for entry in new] == ["denied"]


def test_the_key_of_a_stranger_is_refused(open_station: Station):
    open_station.keygen("stranger")

    check_refused(
        open_station, REFUSED, "signature", *open_station.add_arguments("stranger", Role.OPERATOR)[:-1],
        open_station.key("stranger"),
    )  # fmt: skip


def test_a_signers_role_is_registered_by_nobody(open_station: Station):
    open_station.keygen("second-dpo")

    check_refused(open_station, REFUSED, "signer_after_init", *open_station.add_arguments("second-dpo", Role.DPO))


def test_one_key_stands_for_one_person(open_station: Station):
    check_refused(open_station, CONFLICT, "key_taken", *open_station.add_arguments("operator", Role.EXAMINER))


@pytest.mark.parametrize(
    ("content", "exit_code", "code"),
    [(None, NOT_FOUND, "named_file"), (b"", INVALID, "private_key"), (b"\xff\xfe", INVALID, "private_key")],
    ids=["not there", "empty", "no key"],
)
def test_a_private_key_file_that_is_none_is_turned_away(
    content: bytes | None, exit_code: int, code: str, open_station: Station
):
    path = open_station.home / "some.key"
    if content is not None:
        path.write_bytes(content)
    message = check_turned_away(open_station.command, exit_code, code, "request", "submit", "x", "--key", path)

    assert path.name in message


@pytest.mark.parametrize(
    ("content", "exit_code", "code"),
    [(None, NOT_FOUND, "named_file"), (b"\xff\xfe", INVALID, "public_key")],
    ids=["not there", "no text"],
)
def test_a_public_key_file_that_is_none_is_turned_away(
    content: bytes | None, exit_code: int, code: str, open_station: Station
):
    path = Path(f"{open_station.key('some')}.pub")
    if content is not None:
        path.write_bytes(content)
    add = open_station.add_arguments("some", Role.OPERATOR)
    message = check_turned_away(open_station.command, exit_code, code, *add)

    assert path.name in message


def test_a_public_key_of_the_wrong_length_is_refused(open_station: Station):
    Path(f"{open_station.key('some')}.pub").write_text("abcd\n", encoding="ascii")

    check_refused(open_station, INVALID, "malformed_key", *open_station.add_arguments("some", Role.OPERATOR))


@pytest.mark.parametrize("file", ["form.json", "form.toml"])
@pytest.mark.parametrize("content", [b"", b"\xff", b"[1]", b"{", b'{"aim": 3}', b"aim = "])
def test_a_request_form_that_is_none_is_turned_away(content: bytes, file: str, open_station: Station):
    form = open_station.home / file
    form.write_bytes(content)
    draft = ("request", "draft", "--probe", "p", "--collection", "c", "--form", form, *key(open_station, "requester"))
    ended = open_station.command.run(*draft, "--json")

    assert (ended.exit_code, ended.json()["error"]) == (INVALID, "Invalid")
    assert "expected" in cast("str", ended.json()["message"])


def test_opinions_that_are_none_are_turned_away(open_station: Station):
    given = open_station.home / "opinions.json"
    given.write_text("{}", encoding="utf-8")
    opine = ("review", "opine", "x", "--opinions", given, *key(open_station, "operator"))

    assert "opinions" in check_turned_away(open_station.command, INVALID, "opinions", *opine)


def test_a_marked_face_that_is_none_is_turned_away(open_station: Station):
    select = ("exhibit", "select", "abc", "--reason", "because", *key(open_station, "requester"))

    assert "EXHIBIT[/EDIT]:NUMBER" in check_turned_away(open_station.command, INVALID, "marked_face", *select)


def test_nothing_is_written_over(open_station: Station):
    taken = open_station.home / "taken"
    taken.write_bytes(b"evidence")
    with open_station.command.archive() as work:
        known = work.ledger.head()

    check_turned_away(open_station.command, CONFLICT, "output_taken", "person", "keygen", "--out", taken)
    check_turned_away(
        open_station.command, CONFLICT, "output_taken",
        "exhibit", "faces", "x", "--out", taken, *key(open_station, "requester"),
    )  # fmt: skip
    with open_station.command.archive() as work:
        assert work.ledger.head() == known
    assert taken.read_bytes() == b"evidence"


def test_where_nothing_was_set_up_every_verb_says_so(tmp_path: Path, begun: Station, networks: RememberingEngine):
    command = CommandLine(tmp_path / "nowhere", networks)
    message = check_turned_away(command, NOT_FOUND, "not_initialised", "programme", "status")

    assert "countersign init" in message
    check_turned_away(command, NOT_FOUND, "not_initialised", "request", "show", "x", "--key", begun.key("operator"))


def test_a_programme_is_set_up_once(open_station: Station):
    init = open_station.init_arguments(ProgrammeKind.TEST)

    check_turned_away(open_station.command, CONFLICT, "folder_taken", *init)


def test_a_setting_that_is_none_is_turned_away(open_station: Station, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COUNTERSIGN_THREADS", "many")

    assert "COUNTERSIGN_THREADS" in check_turned_away(open_station.command, INVALID, "setting", "programme", "status")


def test_ctrl_c_ends_a_verb_with_a_message(open_station: Station, monkeypatch: pytest.MonkeyPatch):
    def interrupted(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("countersign.operations.read_status.read_status", interrupted)
    ended = open_station.command.run("programme", "status")

    assert ended.exit_code == 130
    assert "interrupted" in ended.err


def test_a_machine_that_cannot_write_is_said_so(open_station: Station):
    ended = open_station.command.run("ledger", "verifier", "/proc/nowhere/file", "--json")

    assert (ended.exit_code, ended.json()["code"]) == (1, "machine")


def test_every_entity_is_compared_before_and_after():
    unseen = {"gallery", "keys", "blobs", "openings", "nonces", "ledger"}

    assert set(Work.__annotations__) - set(ENTITIES) == unseen
