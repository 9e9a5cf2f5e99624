"""Give out the chart of one opinion as a signed file, to the disclosure officer, once all are locked (P-23)."""

from collections.abc import Sequence
from dataclasses import dataclass

from countersign.errors import NotFound
from countersign.faces.charting import Pointer, chart
from countersign.governance.permission import Permission
from countersign.governance.request import SearchRequest
from countersign.operations.issue import IssuedDocument, issue
from countersign.operations.issued_facts import ChartMark, ChartReport
from countersign.operations.probe_pictures import shown_stills
from countersign.operations.report_facts import MadeReport, Picture, PictureRole
from countersign.operations.report_search import UNDER_REVIEW, NoSearchError
from countersign.operations.shown_candidates import ShownImage, show
from countersign.operations.turn import Turn, Turns, operation_in_turns
from countersign.operations.work import Work
from countersign.primitives.ids import RequestId
from countersign.review.facial_review import FacialReview, Mark, Opinion, Position, ReviewState, Side


class NoOpinionError(NotFound):
    """No such opinion was locked."""

    code = "no_opinion"


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueChart:
    """Whose opinion on which letter of which request's list, and who gets the file."""

    request: RequestId
    position: Position
    letter: str
    recipient: str


@operation_in_turns(Permission.REPORT_DISCLOSURE)
def issue_chart(turns: Turns, arguments: IssueChart) -> IssuedDocument:
    """Give a chart out.

    Raises:
        RecipientError: Nobody is named.
        NoSearchError: Somebody may still have to give an opinion.
        NoOpinionError: No such opinion.
    """

    def gather(turn: Turn) -> tuple[SearchRequest, MadeReport]:
        request = turn.work.requests.get(arguments.request)
        review, opinion = _locked(turn.work, request, arguments)
        return request, _made(turn, request, review, opinion, arguments.recipient.strip())

    return issue(turns, gather, report="chart", recipient=arguments.recipient)


def _locked(work: Work, request: SearchRequest, arguments: IssueChart) -> tuple[FacialReview, Opinion]:
    if request.state in UNDER_REVIEW:
        raise NoSearchError("expected a search whose review is over, got one in which somebody may yet have to opine")
    for review in work.reviews.where(request=request.id):
        if review.position is arguments.position and review.state is ReviewState.OPINED:
            for opinion in review.opinions:
                if opinion.label == arguments.letter:
                    return review, opinion
    raise NoOpinionError(f"expected a locked {arguments.position} opinion on {arguments.letter}, got none")


def _made(turn: Turn, request: SearchRequest, review: FacialReview, opinion: Opinion, recipient: str) -> MadeReport:
    work = turn.work
    stills = shown_stills(work, work.probes.get(request.probe))
    shown = next((one for one in show(work, review.order) if one.label == opinion.label), None)
    images = shown.images if shown else ()
    analysis = review.analysis
    report = ChartReport(
        programme_kind=turn.programme.kind,
        case_reference=work.cases.get(request.case).reference,
        request_number=request.id,
        made_at=turn.now,
        recipient=recipient,
        position=review.position,
        examiner=review.examiner,
        letter=opinion.label,
        conclusion=opinion.conclusion,
        locked_at=review.locked_at or turn.now,
        seen_first=analysis.features if analysis else "",
        not_seen=analysis.limits if analysis else "",
        struck=tuple((one.number, one.reason) for one in analysis.struck) if analysis else (),
        features=opinion.features,
        differs=opinion.dissimilarities,
        notes=opinion.notes,
        marks=tuple(_mark(number, mark, opinion.label) for number, mark in enumerate(opinion.marks, start=1)),
    )
    pictures = (
        *(
            _charted(Side.PROBE, place, f"Still {place}", one.data, opinion)
            for place, one in enumerate(stills, start=1)
        ),
        *(_reference(place, one, opinion) for place, one in enumerate(images, start=1)),
    )
    return MadeReport(report=report, pictures=pictures)


def _mark(number: int, mark: Mark, letter: str) -> ChartMark:
    side = "still" if mark.side is Side.PROBE else f"{letter}, picture"
    return ChartMark(number=number, picture=f"{side} {mark.picture}", feature=mark.feature, seen=mark.seen)


def _charted(side: Side, place: int, caption: str, data: bytes, opinion: Opinion) -> Picture:
    pointers = [
        Pointer(number=number, at_px=mark.at_px, to_px=mark.to_px)
        for number, mark in enumerate(opinion.marks, start=1)
        if mark.side is side and mark.picture == place
    ]
    role = PictureRole.PROBE if side is Side.PROBE else PictureRole.REFERENCE
    return Picture(role=role, caption=f"{caption}{_numbers(pointers)}", data=chart(data, pointers))


def _reference(place: int, image: ShownImage, opinion: Opinion) -> Picture:
    caption = f"{opinion.label}, picture {place}, taken {image.image_date}"
    return _charted(Side.REFERENCE, place, caption, image.data, opinion)


def _numbers(pointers: Sequence[Pointer]) -> str:
    return f" (marks {', '.join(str(one.number) for one in pointers)})" if pointers else ""
