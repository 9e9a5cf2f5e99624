from countersign.search.probe import RunState
from tests.operations.scene import Scene

def test_a(authorised: Scene):
    run = authorised.casework.search(authorised.ids.request)
    assert run.state is RunState.SEALED
    assert authorised.last().facts["candidates"] == 1

def test_b(sealed: Scene):
    assert 1
def test_c(supported: Scene):
    assert supported.ids.lead
