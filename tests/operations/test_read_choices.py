import pytest

from countersign.governance.form_rules import coded
from countersign.operations.read_choices import read_choices
from countersign.operations.turn import NoPolicyPackError
from tests.operations.scene import Scene


def test_choices_are_those_of_the_pack_in_force(enrolled: Scene):
    choices = read_choices(enrolled.desk)

    assert {one.code for one in choices.offences} >= {"robbery"}
    assert [one.id for one in choices.collections] == [enrolled.ids.collection]
    assert choices.minimum_imagery_age_h == 24
    assert callable(coded)


def test_without_a_pack_there_are_none(founded: Scene):
    with pytest.raises(NoPolicyPackError, match=r"expected .*got none"):
        read_choices(founded.desk)
