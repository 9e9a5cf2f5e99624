"""A full disk, a witness out of reach, a history that is not ours: what fails, what stands, what goes on afterwards."""

import errno
import logging
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import apsw
import pytest

from countersign.errors import IntegrityBroken, Refused
from countersign.faces.detection import Detection
from countersign.ledger.checkpointing import HistoryChangedError, HistoryContestedError
from countersign.operations.verify_ledger import verify_ledger
from countersign.primitives.arrays import RgbImage
from countersign.primitives.clock import SimulatedClock
from countersign.search.probe import RunState
from countersign.storage import apsw_dbapi, engine
from countersign.storage.durable import StorageFailedError
from tests.fakes import Face
from tests.integration.promises import broken_promises
from tests.operations.scene import LONG_AGO, START, Scene, Stage

Act = Callable[[Scene], object]
Room = Callable[[Scene, int], AbstractContextManager[None]]
MOST_TRIES = 60


def seal_exhibit(scene: Scene) -> object:
    picture = scene.draw("second.png", Face(person=9), Face(person=11))
    return scene.casework.seal(picture, taken=LONG_AGO, number="CTV/2")


def enrol(scene: Scene) -> object:
    for view in (1, 2, 3):
        scene.draw(f"more/21/{view}.png", Face(person=21, view=view))
    return scene.force.enrol(scene.ids.collection, scene.folder / "pictures" / "more")


def search(scene: Scene) -> object:
    return scene.casework.search(scene.ids.request)


def opened(scene: Scene) -> Scene:
    """Open the same folders anew, as the next command does."""
    return Scene(folder=scene.folder, clock=SimulatedClock(START), keys=scene.keys, ids=scene.ids)


@contextmanager
def pages_left(scene: Scene, pages: int) -> Iterator[None]:
    """Leave the database room for so many pages more."""
    database = apsw.Connection(str(scene.folder / "data" / "countersign.sqlite"))
    (used,) = next(database.execute("PRAGMA page_count"))
    (free,) = next(database.execute("PRAGMA freelist_count"))
    database.close()
    with pytest.MonkeyPatch.context() as full:
        pragmas = (*engine._PRAGMAS, f"max_page_count={used - free + pages}")  # noqa: SLF001  no other way to fill it
        full.setattr(engine, "_PRAGMAS", pragmas)
        yield


@contextmanager
def syncs_left(_scene: Scene, number: int) -> Iterator[None]:
    """Let the disk take so many files more, blobs and signed heads alike, and be full then."""
    done, sync = [0], os.fsync

    def fsync(handle: int) -> None:
        done[0] += 1
        if done[0] > number:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        sync(handle)

    with pytest.MonkeyPatch.context() as full:
        full.setattr(os, "fsync", fsync)
        yield


@contextmanager
def commits_left(_scene: Scene, number: int) -> Iterator[None]:
    """Let the database commit so many transactions more, and find the disk full at each one after."""
    done, commit = [0], apsw_dbapi.Connection.commit

    def full_commit(connection: apsw_dbapi.Connection) -> None:
        done[0] += 1
        if done[0] > number:
            raise apsw_dbapi.OperationalError("database or disk is full", result=apsw.SQLITE_FULL)
        commit(connection)

    with pytest.MonkeyPatch.context() as full:
        full.setattr(apsw_dbapi.Connection, "commit", full_commit)
        yield


def tried(act: Act, scene: Scene) -> bool:
    """Let the next command try; check that it says what is wrong when it does not say that it is done."""
    command = opened(scene)
    failure = None
    try:
        act(command)
    except StorageFailedError as reason:
        failure = reason
    command.close()
    assert failure is None or "expected the d" in str(failure)  # the disk, or the database, to work
    assert failure is None or failure.exit_code == IntegrityBroken.exit_code
    return failure is None


def rows(scene: Scene) -> object:
    """Give everything that rows name; ciphertext that nothing names is no effect."""
    scene.installation.archive.sweep()
    return scene.state()


@pytest.mark.parametrize("room", [pages_left, syncs_left, commits_left])
@pytest.mark.parametrize(("stage", "act"), [(Stage.AUTHORISED, seal_exhibit), (Stage.ENROLLED, enrol)])
def test_a_full_disk_leaves_a_change_undone_until_there_is_room(
    at: Callable[[Stage], Scene], stage: Stage, act: Act, room: Room
):
    scene = at(stage)
    for left in range(MOST_TRIES):
        before = rows(scene)
        with room(scene, left):
            done = tried(act, scene)
        assert broken_promises(scene) == []
        if done:
            break
        assert rows(scene) == before
    assert done
    assert left  # at first there was no room
    assert rows(scene) != before
    assert tried(act, scene)
    assert verify_ledger(scene.desk).findings == ()


@pytest.mark.parametrize(
    ("room", "left", "found"),
    [
        (pages_left, 0, []),
        (commits_left, 0, []),
        (commits_left, 1, [RunState.RUNNING]),
        (commits_left, 2, [RunState.RUNNING]),
        (commits_left, 3, [RunState.SEALED]),
        (syncs_left, 0, [RunState.SEALED]),  # a search writes no file: only its signed heads need one
    ],
)
def test_a_search_on_a_full_disk_goes_on_when_there_is_room(
    at: Callable[[Stage], Scene], room: Room, left: int, found: list[RunState]
):
    scene = at(Stage.AUTHORISED)
    with room(scene, left):
        done = tried(search, scene)
    assert done == (found == [RunState.SEALED])
    assert broken_promises(scene) == []
    with scene.reading() as work:
        assert [run.state for run in work.runs.where()] == found
    if not done:
        search(scene)
    assert broken_promises(scene) == []
    with scene.reading() as work:
        assert [run.state for run in work.runs.where()] == [RunState.SEALED]
        assert len(work.lists.where()) == 1
    assert verify_ledger(scene.desk).findings == ()


def test_a_refusal_that_finds_no_room_in_the_log_is_still_that_refusal(
    at: Callable[[Stage], Scene], caplog: pytest.LogCaptureFixture
):
    scene = at(Stage.SEALED)
    before, size = scene.state(), len(scene.entries())
    with commits_left(scene, 0), pytest.raises(Refused, match="expected"):
        scene.casework.search(scene.ids.request, who="requester")
    assert "the refusal could not be recorded" in caplog.text
    assert scene.state() == before
    assert len(scene.entries()) == size


def test_what_is_done_while_the_witness_is_away_stands_and_is_witnessed_later(
    at: Callable[[Stage], Scene], caplog: pytest.LogCaptureFixture
):
    scene = at(Stage.AUTHORISED)
    away = scene.folder / "witness elsewhere"
    (scene.folder / "witness").rename(away)
    tried = opened(scene)
    search(tried)
    tried.close()
    assert broken_promises(scene) == []
    assert [record.levelno for record in caplog.records] == [logging.WARNING] * 2  # one for each transaction
    assert all("not witnessed" in message for message in caplog.messages)
    assert not (scene.folder / "witness").exists()
    assert {finding.code for finding in verify_ledger(scene.desk).findings} == {"quorum_missing"}
    away.rename(scene.folder / "witness")
    caplog.clear()
    back = opened(scene)
    back.casework.show(back.ids.request)
    assert caplog.messages == []
    assert verify_ledger(back.desk).findings == ()
    back.close()


def test_a_witness_that_lost_its_memory_signs_nothing(at: Callable[[Stage], Scene], caplog: pytest.LogCaptureFixture):
    scene = at(Stage.AUTHORISED)
    shutil.rmtree(scene.folder / "witness" / "seen")
    search(scene)
    assert "not witnessed" in caplog.text
    assert not (scene.folder / "witness" / "seen").exists()


def test_what_is_done_while_the_log_cannot_be_signed_stands_and_is_signed_later(
    at: Callable[[Stage], Scene], caplog: pytest.LogCaptureFixture
):
    scene = at(Stage.AUTHORISED)
    with scene.reading() as work:
        before = work.ledger.latest_checkpoint()
    with syncs_left(scene, 0):
        search(scene)
    assert broken_promises(scene) == []
    assert "could not be signed" in caplog.text
    with scene.reading() as work:
        assert work.ledger.latest_checkpoint() == before
    assert verify_ledger(scene.desk).findings == ()


def restore(source: Path, scene: Scene, *names: str) -> Scene:
    """Put folders of another copy in place of a scene's own, and open it."""
    scene.close()
    for name in names:
        shutil.rmtree(scene.folder / name)
        shutil.copytree(source / name, scene.folder / name)
    return opened(scene)


def check_stopped(scene: Scene, error: type[IntegrityBroken]) -> None:
    """Check that nothing is done, nothing is recorded, and the log does not verify."""
    before, size = scene.state(), len(scene.entries())
    for act in (seal_exhibit, search):
        with pytest.raises(error, match="expected"):
            act(scene)
    with pytest.raises(error):
        verify_ledger(scene.desk)
    assert rows(scene) == before
    assert len(scene.entries()) == size
    scene.close()


def test_an_older_database_put_in_place_stops_everything(at: Callable[[Stage], Scene]):
    older, scene = at(Stage.AUTHORISED), at(Stage.AUTHORISED)
    search(scene)
    check_stopped(restore(older.folder, scene, "data"), HistoryChangedError)


def test_an_older_database_with_older_keys_is_contested_by_the_witness(at: Callable[[Stage], Scene]):
    older, scene = at(Stage.AUTHORISED), at(Stage.AUTHORISED)
    search(scene)
    check_stopped(restore(older.folder, scene, "data", "keys"), HistoryContestedError)


def test_a_second_history_of_the_same_length_is_contested_by_the_witness(at: Callable[[Stage], Scene]):
    one, other = at(Stage.AUTHORISED), at(Stage.AUTHORISED)
    one.casework.show(one.ids.request)
    other.casework.show(other.ids.request)
    check_stopped(restore(one.folder, other, "witness"), HistoryContestedError)


def test_a_history_contested_while_a_search_runs_gives_no_list(
    at: Callable[[Stage], Scene], caplog: pytest.LogCaptureFixture
):
    ahead, scene = at(Stage.AUTHORISED), at(Stage.AUTHORISED)
    for _ in range(5):
        ahead.casework.show(ahead.ids.request)

    def another_history() -> None:
        shutil.copytree(ahead.folder / "witness", scene.folder / "witness", dirs_exist_ok=True)

    scene.engine.meanwhile = another_history
    with pytest.raises(HistoryContestedError, match="ahead"):
        search(scene)
    assert broken_promises(scene) == []
    with scene.reading() as work:
        assert [run.state for run in work.runs.where()] == [RunState.RUNNING]
        assert work.lists.where() == []
    assert "the refusal could not be recorded" in caplog.text


def test_a_history_contested_after_a_commit_is_a_warning_first_and_stops_the_next_command(
    at: Callable[[Stage], Scene], caplog: pytest.LogCaptureFixture
):
    ahead, scene = at(Stage.MARKED), at(Stage.MARKED)
    for _ in range(5):
        ahead.casework.locate(ahead.ids.exhibit)
    located, locate = [], scene.engine.locate

    def locate_elsewhere(rgb: RgbImage, *, thorough: bool) -> tuple[Detection, ...]:
        shutil.copytree(ahead.folder / "witness", scene.folder / "witness", dirs_exist_ok=True)
        return locate(rgb, thorough=thorough)

    scene.engine.locate = locate_elsewhere  # type: ignore[method-assign]
    exhibit = seal_exhibit(scene)
    located.append(scene.casework.locate(exhibit.id))  # type: ignore[attr-defined]
    assert len(located[0].faces) == 2
    assert "another history" in caplog.text
    check_stopped(opened(scene), HistoryContestedError)
