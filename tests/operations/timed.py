"""Runs a step that time takes, in a turn of its own, as the clock's operation does."""

from collections.abc import Callable

from countersign.governance.permission import Permission
from countersign.operations.command import sign_command
from countersign.operations.turn import Turn
from tests.operations.scene import Scene


def pass_time(scene: Scene, step: Callable[[Turn], int]) -> int:
    """Let one step run at the scene's moment, and give what it counts."""
    command = sign_command(Permission.SEARCH_RECOVER, None, scene.keys["administrator"], scene.clock)
    actor = scene.person("administrator")
    with scene.desk.archive.begin() as work:
        done = step(Turn(work=work, desk=scene.desk, command=command, actor=actor, now=scene.clock.now()))
        work.commit()
    return done
