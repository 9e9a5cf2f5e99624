import re
from pathlib import Path

import pytest

import countersign
from countersign.errors import CountersignError
from countersign.web.policy import UNREAD
from countersign.web.refusals import HELP, LED_AWAY, THEIRS, in_words, spoken

SOURCES = [path.read_text(encoding="utf-8") for path in Path(countersign.__file__).parent.rglob("*.py")]


def test_every_code_that_has_words_is_one_that_somebody_raises():
    said = {code for text in SOURCES if "HELP: Mapping" not in text for code in re.findall(r'"([a-z_]+)"', text)}

    assert sorted((HELP.keys() | THEIRS.keys()) - said) == []


def test_words_that_help_come_before_the_rules_own():
    reason = CountersignError("expected 24 h, got 3 h", code="imagery_too_young")

    assert in_words(reason).startswith("The picture is too young")
    assert in_words(reason).endswith("(expected 24 h, got 3 h)")


def test_a_refusal_without_words_of_its_own_is_said_as_it_is():
    assert in_words(CountersignError("expected one, got two", code="never_heard_of")) == "expected one, got two"


def test_no_words_of_a_page_leave_the_person_without_a_way_on():
    for words in (*HELP.values(), *THEIRS.values()):
        assert not words.endswith("."), words
        assert len(words.split()) >= 6, words


def test_what_is_refused_for_somebody_else_is_said_of_them():
    reason = CountersignError("expected training until today, got none", code="training_expired")

    assert in_words(reason).startswith("Your training has run out")
    assert in_words(reason, theirs=True).startswith("Their training has run out")
    assert in_words(CountersignError("x", code="absent"), theirs=True).startswith("They are away")


def test_an_unread_policy_is_told_on_no_page_but_its_own():
    reason = CountersignError("expected the policy in force to be read, got another", code=UNREAD)

    assert frozenset({UNREAD}) == LED_AWAY
    assert spoken(reason) == str(reason)
    with pytest.raises(CountersignError, match="expected the policy"):
        in_words(reason)
