from countersign.errors import NotFound
from countersign.governance.actor import Role
from countersign.governance.anomalies import Anomaly, Block, Effect
from countersign.governance.permission import Permission
from countersign.operations.lift_block import LiftBlock, LiftReason, lift_block
from tests.operations.scene import Scene, check_refused

LIFT = Permission.ANOMALY_LIFT
LOOKED = "I spoke to the unit; the four stills are of one robbery with five offenders."


def place(scene: Scene) -> str:
    with scene.altering() as work:
        work.blocks.add(
            Block(
                id="b1",
                rule=Anomaly.A5_VOLUME,
                effect=Effect.BLOCK_PERSON,
                scope="somebody",
                placed_at=scene.clock.now(),
            )
        )
    return "b1"


def lift(scene: Scene, block: str, who: str = Role.DPO, explanation: str = LOOKED) -> Block:
    arguments = LiftBlock(block=block, reason=LiftReason.EXPLAINED, explanation=explanation)
    return scene.force.do(who, LIFT, lift_block, arguments)


def test_a_block_is_lifted_once_with_a_reason_and_whoever_lifted_it(pilot: Scene):
    block = place(pilot)

    assert lift(pilot, block).lifted_by == pilot.person(Role.DPO).id
    entry = pilot.last()
    assert (entry.kind, dict(entry.facts)) == ("anomaly.lifted", {"rule": "a5", "reason": "explained"})
    with check_refused(pilot, LIFT, "block_lifted"):
        lift(pilot, block)


def test_a_lift_without_an_explanation_or_a_block_is_refused(pilot: Scene):
    block = place(pilot)
    with check_refused(pilot, LIFT, "reasons_too_short"):
        lift(pilot, block, explanation="fine")
    with check_refused(pilot, LIFT, "row_missing", family=NotFound):
        lift(pilot, "none")


def test_people_in_casework_are_refused_by_the_policy(pilot: Scene):
    block = place(pilot)
    with check_refused(pilot, LIFT, "not_permitted", spoke="policy"):
        lift(pilot, block, "officer")
