"""The pages of a review: begin, analyse and lock, one page a candidate, check, lock the opinions."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from countersign.errors import CountersignError
from countersign.governance.permission import Permission
from countersign.operations.analyse_probe import AnalyseProbe, analyse_probe
from countersign.operations.give_opinion import GiveOpinion, give_opinion
from countersign.operations.open_review import OpenReview, open_review
from countersign.primitives.ids import RequestId
from countersign.review.conclusion import SUPPORTING
from countersign.review.facial_review import ProbeAnalysis, ReviewState, StruckStill
from countersign.web.refusals import in_words
from countersign.web.rendering import render, summary
from countersign.web.reviewing import lay, opinion_of, table_of, written, wrong_opinion
from countersign.web.step_up import ask_for_passkey, stepped_up
from countersign.web.table import Table
from countersign.web.visit import Fields, FieldsOf, Visit, Visiting
from countersign.web.workstation import REVIEWS, desk_of, waiting

router = APIRouter(prefix="/workstation")
LOCKED = "You lock your opinions on all candidates. They cannot be changed afterwards."


@router.get("/{request_id}/review")
def ask_to_begin(request: Request, request_id: str, visit: Visiting) -> Response:
    """Say what a review asks before it is begun."""
    one = waiting(visit, request_id, REVIEWS)
    if one.review is not None:
        return RedirectResponse(_next(request_id, table_of(visit, request_id)), status_code=303)
    return render(request, "workstation/begin.html", one=one, workload=desk_of(visit).workload, back="/workstation")


@router.post("/{request_id}/review")
def begin(request_id: str, visit: Visiting, fields: FieldsOf) -> Response:
    """Open the review: only the probe is shown."""
    del fields
    opened = visit.do(Permission.REVIEW_OPEN, open_review, OpenReview(request=RequestId(request_id)))
    table = lay(visit, opened)
    visit.office.tables.lay(visit.person.public_key, request_id, table, visit.now)
    return RedirectResponse(_next(request_id, table), status_code=303)


def _next(request_id: str, table: Table) -> str:
    place = f"/workstation/{request_id}"
    if table.opened.review.state is ReviewState.OPENED:
        return f"{place}/probe"
    return f"{place}/candidates/{table.letters[0]}"


# -- the probe


@router.get("/{request_id}/probe")
def probe(request: Request, request_id: str, visit: Visiting) -> Response:
    """Show the probe alone, to be described."""
    table = table_of(visit, request_id)
    if table.opened.review.state is not ReviewState.OPENED:
        return RedirectResponse(_next(request_id, table), status_code=303)
    return _probe_page(request, visit, request_id, table, [])


def _probe_page(
    request: Request, visit: Visit, request_id: str, table: Table, errors: list[tuple[str, str]]
) -> Response:
    return render(
        request,
        "workstation/probe.html",
        status=422 if errors else 200,
        table=table,
        request_id=request_id,
        said=visit.answers(table.form),
        errors=summary(errors),
        wrong=dict(errors),
        back="/workstation",
    )


@router.post("/{request_id}/probe")
def analyse(request: Request, request_id: str, visit: Visiting, fields: FieldsOf) -> Response:
    """Lock the description of the probe; only then are candidates shown."""
    table = table_of(visit, request_id)
    said = {name: fields[name] for name in _probe_fields(table)}
    visit.answer(table.form, said)
    errors = _wrong_analysis(said, table)
    if errors:
        return _probe_page(request, visit, request_id, table, errors)
    analysis = ProbeAnalysis(
        features=said["features"],
        limits=said["limits"],
        stills_show_one_person=bool(said["one_person"]),
        struck=tuple(
            StruckStill(number=still.number, reason=said[f"why.{still.number}"])
            for still in table.stills
            if said[f"struck.{still.number}"]
        ),
    )
    try:
        visit.do(
            Permission.REVIEW_ANALYSE, analyse_probe, AnalyseProbe(review=table.opened.review.id, analysis=analysis)
        )
    except CountersignError as reason:
        return _probe_page(request, visit, request_id, table, [("features", in_words(reason))])
    visit.office.tables.clear(visit.person.public_key, request_id)
    return RedirectResponse(f"/workstation/{request_id}/review", status_code=303)


def _probe_fields(table: Table) -> list[str]:
    stills = [name for still in table.stills for name in (f"struck.{still.number}", f"why.{still.number}")]
    return ["features", "limits", "one_person", *stills]


def _wrong_analysis(said: dict[str, str], table: Table) -> list[tuple[str, str]]:
    least = table.opened.terms.minimum_chars
    words = {"features": "Describe what can be seen", "limits": "Say what cannot be seen, and why"}
    errors = [
        (name, f"{text}, in at least {least} characters") for name, text in words.items() if len(said[name]) < least
    ]
    struck = [still.number for still in table.stills if said[f"struck.{still.number}"]]
    errors += [
        (f"why.{number}", f"Say why still {number} is left out, in at least {least} characters")
        for number in struck
        if len(said[f"why.{number}"]) < least
    ]
    if len(struck) == len(table.stills):
        errors.append((f"struck.{struck[0]}", "Leave at least one still in"))
    if not said["one_person"]:
        errors.append(("one_person", "Confirm that the stills show one person, or leave out those that do not"))
    return errors


# -- the candidates


@router.get("/{request_id}/candidates/{letter}")
def candidate(request: Request, request_id: str, letter: str, visit: Visiting) -> Response:
    """Show one candidate beside the probe."""
    table = table_of(visit, request_id)
    if letter not in table.candidates:
        return RedirectResponse(_next(request_id, table), status_code=303)
    return _candidate_page(request, visit, request_id, table, letter, [])


def _candidate_page(
    request: Request, visit: Visit, request_id: str, table: Table, letter: str, errors: list[tuple[str, str]]
) -> Response:
    answers = visit.answers(table.form)
    return render(
        request,
        "workstation/candidate.html",
        status=422 if errors else 200,
        table=table,
        request_id=request_id,
        letter=letter,
        pictures=table.candidates[letter],
        said=written(answers, letter),
        done={one: bool(written(answers, one).get("conclusion")) for one in table.letters},
        supporting=SUPPORTING,
        errors=summary(errors),
        wrong=dict(errors),
        back="/workstation",
    )


@router.post("/{request_id}/candidates/{letter}")
def keep(request: Request, request_id: str, letter: str, visit: Visiting, fields: FieldsOf) -> Response:
    """Keep what was written on a candidate and go on to the next; nothing is locked yet."""
    table = table_of(visit, request_id)
    if letter not in table.candidates:
        return RedirectResponse(_next(request_id, table), status_code=303)
    said = {name: fields[name] for name in _opinion_fields(table)}
    visit.answer(table.form, {f"{letter}.{name}": text for name, text in said.items()})
    errors = _wrong(said, table, letter)
    if errors:
        return _candidate_page(request, visit, request_id, table, letter, errors)
    place = table.letters.index(letter) + 1
    further = f"candidates/{table.letters[place]}" if place < len(table.letters) else "opinions"
    return RedirectResponse(f"/workstation/{request_id}/{further}", status_code=303)


def _opinion_fields(table: Table) -> list[str]:
    return ["conclusion", "dissimilarities", "notes", "marks", *(f"seen.{one}" for one in table.opened.terms.checklist)]


def _wrong(said: dict[str, str], table: Table, letter: str) -> list[tuple[str, str]]:
    terms = table.opened.terms
    errors = wrong_opinion(said, terms.checklist, terms.minimum_chars)
    if errors:
        return errors
    try:
        opinion_of(letter, said, terms.checklist)
    except CountersignError as reason:
        return [("conclusion", in_words(reason))]
    return []


# -- all opinions


@router.get("/{request_id}/opinions")
def check_opinions(request: Request, request_id: str, visit: Visiting) -> Response:
    """Show all opinions before they are locked."""
    table = table_of(visit, request_id)
    return _check_page(request, visit, request_id, table, "")


def _check_page(request: Request, visit: Visit, request_id: str, table: Table, refusal: str) -> Response:
    answers, terms = visit.answers(table.form), table.opened.terms
    said = {letter: written(answers, letter) for letter in table.letters}
    open_ = [letter for letter in table.letters if _wrong(said[letter], table, letter)]
    errors = [("opinions", refusal)] if refusal else []
    return render(
        request,
        "workstation/opinions.html",
        status=422 if errors else 200,
        table=table,
        request_id=request_id,
        said=said,
        open=open_,
        checklist=terms.checklist,
        now=visit.now,
        errors=summary(errors),
        back=f"/workstation/{request_id}/candidates/{table.letters[-1]}" if table.letters else "/workstation",
    )


@router.post("/{request_id}/opinions")
def lock(request: Request, request_id: str, visit: Visiting, fields: FieldsOf) -> Response:
    """Lock the opinions on all candidates."""
    table = table_of(visit, request_id)
    try:
        return _lock(request, visit, request_id, table, fields)
    except CountersignError as reason:
        return _check_page(request, visit, request_id, table, in_words(reason))


def _lock(request: Request, visit: Visit, request_id: str, table: Table, fields: Fields) -> Response:
    answers = visit.answers(table.form)
    opinions = tuple(
        opinion_of(letter, written(answers, letter), table.opened.terms.checklist) for letter in table.letters
    )
    arguments = GiveOpinion(review=table.opened.review.id, opinions=opinions)
    command = stepped_up(visit, fields, Permission.REVIEW_OPINE, arguments)
    if command is None:
        return ask_for_passkey(request, visit, fields, Permission.REVIEW_OPINE, arguments, what=LOCKED)
    give_opinion(visit.desk, command)
    visit.forget(table.form)
    visit.office.tables.clear(visit.person.public_key, request_id)
    return RedirectResponse("/workstation?locked", status_code=303)
