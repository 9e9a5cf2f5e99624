"""Draws the tracks of a recording for a person to choose from: one HTML page, one picture, and a timeline."""

import base64
from dataclasses import dataclass
from importlib import resources

from countersign.faces.sheet import Card, Span, draw_sheet, draw_timeline, reduced
from countersign.operations.pick_track import clock_of
from countersign.operations.shown_tracks import ShownTrack, TrackSheet

__all__ = ["ContactSheet", "contact_sheet"]

_PAGES = resources.files("countersign.reports") / "pages"
_STILL_PX = 176


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactSheet:
    """A page of the sheet; picture and timeline are PNG."""

    html: str
    picture: bytes
    timeline: bytes


def contact_sheet(sheet: TrackSheet) -> ContactSheet:
    """Draw it. Tracks that were not picked come masked already, so nothing here decides who can be seen."""
    spans = [
        Span(first_ms=first, last_ms=last, is_picked=number in sheet.picked) for number, first, last in sheet.spans_ms
    ]
    timeline = draw_timeline(spans, sheet.duration_ms, scanned_ms=sheet.scanned_ms, damaged_ms=sheet.damaged_ms)
    cards = [_card(track) for track in sheet.shown]
    title = f"Faces in recording {sheet.exhibit.number}"
    return ContactSheet(
        html=_html(sheet, cards, title, timeline),
        picture=draw_sheet(title, _said(sheet), cards, timeline, watermark=sheet.watermark),
        timeline=timeline,
    )


def _said(sheet: TrackSheet) -> str:
    tracks = "1 track" if sheet.tracks == 1 else f"{sheet.tracks} tracks"
    parts = [f"{tracks} in {clock_of(sheet.duration_ms)}", f"{sheet.pictures} pictures looked at"]
    if not sheet.is_finished:
        parts.append(f"scanned as far as {clock_of(sheet.scanned_ms)}")
    if sheet.damaged_ms:
        lost_ms = sum(until - since for since, until in sheet.damaged_ms)
        parts.append(f"{lost_ms / 1000:.1f} s damaged and skipped")
    if sheet.pages > 1:
        parts.append(f"page {sheet.page} of {sheet.pages}")
    return "; ".join(parts)


def _card(track: ShownTrack) -> Card:
    became = ", picked" if track.is_picked else ", masked" if track.is_masked else ""
    seen = "1 picture" if track.seen == 1 else f"{track.seen} pictures"
    return Card(
        title=f"Track {track.number}{became}",
        under=f"{clock_of(track.first_ms)} to {clock_of(track.last_ms)}, seen in {seen}",
        stills=tuple((clock_of(time_ms), rgb) for time_ms, rgb in track.stills),
        is_picked=track.is_picked,
    )


def _html(sheet: TrackSheet, cards: list[Card], title: str, timeline: bytes) -> str:
    import jinja2  # noqa: PLC0415  the facts alone must import fast

    pages = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    pages.filters["source"] = lambda data: f"data:image/png;base64,{base64.b64encode(data).decode('ascii')}"
    pages.filters["small"] = lambda rgb: reduced(rgb, _STILL_PX)
    page = pages.from_string((_PAGES / "contact_sheet.html").read_text(encoding="utf-8"))
    damaged = [(clock_of(since), clock_of(until)) for since, until in sheet.damaged_ms]
    return page.render(title=title, said=_said(sheet), sheet=sheet, cards=cards, timeline=timeline, damaged=damaged)
