"""Turns a page's name and facts into HTML: GOV.UK Frontend's macros, our layout, our words for dates and codes."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache

from fastapi import Request
from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader, StrictUndefined
from starlette.responses import HTMLResponse

from countersign.governance.actor import Role
from countersign.governance.programme import ProgrammeKind
from countersign.web import team_words, wording
from countersign.web.visit import COOKIE, FORM_VALUE, Visit, form_value

NAVIGATION: tuple[tuple[str, str, frozenset[Role]], ...] = (
    ("Your requests", "/requests", frozenset({Role.REQUESTER})),
    ("Decisions", "/decisions", frozenset({Role.AUTHORISING_OFFICER})),
    ("Searches and reviews", "/workstation", frozenset({Role.OPERATOR, Role.EXAMINER})),
    ("Team", "/team", frozenset({Role.SUPERVISOR})),
    ("Disclosure", "/disclosure", frozenset({Role.DISCLOSURE_OFFICER})),
)


@cache
def environment() -> Environment:
    """Give the pages' environment; a name that a page uses and nobody gave is an error."""
    made = Environment(
        loader=ChoiceLoader(
            [
                PackageLoader("countersign.web", "pages"),
                PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
            ]
        ),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"moment": moment, "day": day, "spoken": spoken, "left": left}
    return made


def strict() -> Environment:
    """Give an environment in which a missing name raises, for tests; GOV.UK's macros rely on lenient ones."""
    return environment().overlay(undefined=StrictUndefined)


def render(request: Request, page: str, *, status: int = 200, **facts: object) -> HTMLResponse:
    """Render a page."""
    visit: Visit | None = getattr(request.state, "visit", None)
    text = (
        environment()
        .get_template(page)
        .render(
            request_path=request.url.path,
            visit=visit,
            navigation=navigation(visit, request.url.path),
            csrf_name=FORM_VALUE,
            csrf=form_value(request.cookies.get(COOKIE, "")),
            kind=request.app.state.kind,
            words=wording,
            team=team_words,
            is_marked=request.app.state.kind is not ProgrammeKind.PRODUCTION,
            **facts,
        )
    )
    return HTMLResponse(text, status_code=status)


def navigation(visit: Visit | None, path: str) -> list[dict[str, object]]:
    """Give the links of the roles that the person has."""
    if visit is None:
        return []
    return [
        {"text": text, "href": href, "active": path.startswith(href)}
        for text, href, roles in NAVIGATION
        if roles & set(visit.person.roles)
    ]


def moment(value: datetime | None) -> str:
    """Say a moment as a person reads it: ``5 March 2026, 14:05 UTC``."""
    return f"{value.day} {value:%B %Y, %H:%M} UTC" if value else "not known"


def day(value: date | None) -> str:
    """Say a day: ``5 March 2026``."""
    return f"{value.day} {value:%B %Y}" if value else "not known"


def spoken(code: object) -> str:
    """Say a code in words: ``still_open`` reads ``still open``."""
    return str(code).replace("_", " ")


def left(span: timedelta) -> str:
    """Say how much time is left, no finer than a person needs.

    Example:
        >>> left(timedelta(days=2, hours=3)), left(timedelta(minutes=61)), left(timedelta(seconds=-1))
        ('2 days', '1 hour', 'no time')
    """
    minutes = int(span.total_seconds() // 60)
    for size, name in ((24 * 60, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            number = minutes // size
            return f"{number} {name}" if number == 1 else f"{number} {name}s"
    return "no time"


def summary(errors: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    """Give the errors of a form as the error summary shows them: (field, message) each."""
    return [{"text": message, "href": f"#{field}"} for field, message in errors]
