"""Steps of a one-to-one comparison, for tests."""

from dataclasses import replace

from countersign.cli.demonstration.casework import FORM
from countersign.governance.permission import Permission
from countersign.governance.request import RequestForm, SearchRequest
from countersign.operations.draft_comparison import DraftComparison, draft_comparison
from countersign.operations.run_comparison import RunComparison, run_comparison
from countersign.primitives.ids import RequestId
from countersign.search.probe import SearchRun
from tests.operations.scene import SOUGHT, Scene

NAMED = replace(FORM, named_person="the brother of the shop assistant, as she says")


def draft(scene: Scene, person: int = SOUGHT, form: RequestForm = NAMED) -> SearchRequest:
    """Draft a comparison with one enrolled person."""
    arguments = DraftComparison(
        probe=scene.ids.probe,
        collection=scene.ids.collection,
        subject=str(person),
        custody_record=f"{person}/folder",
        form=form,
    )
    return scene.force.do("requester", Permission.COMPARISON_DRAFT, draft_comparison, arguments)


def authorised_comparison(scene: Scene, person: int = SOUGHT, form: RequestForm = NAMED) -> RequestId:
    """Draft, submit, open what the decision rests on, and authorise."""
    request = draft(scene, person, form).id
    scene.casework.submit(request)
    scene.casework.consider(request)
    scene.casework.authorise(request)
    return request


def compare(scene: Scene, request: RequestId, who: str = "operator") -> SearchRun:
    """Make the comparison."""
    return scene.force.do(who, Permission.COMPARISON_RUN, run_comparison, RunComparison(request=request))
