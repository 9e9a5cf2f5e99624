"""`countersign review`: analyse the probe, lock it, then give an opinion on each candidate."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from countersign.cli.door import JsonOption, KeyOption, act, emit, make_folder, read_table, write_new
from countersign.cli.request import RequestArgument
from countersign.errors import Invalid
from countersign.governance.permission import Permission
from countersign.primitives.ids import RequestId, ReviewId

if TYPE_CHECKING:
    from countersign.operations.shown_candidates import ShownCandidate

app = typer.Typer(name="review", help="Facial review by trained people, each blind to the other.", no_args_is_help=True)
ReviewArgument = Annotated[str, typer.Argument(help="Review id.")]


@app.command(name="list")
def list_(key: KeyOption, as_json: JsonOption = False) -> None:
    """Show what waits for you as operator or examiner, and how many reviews you locked."""
    from countersign.operations.list_reviews import ListReviews, list_reviews

    emit(act(key, Permission.REVIEW_LIST, list_reviews, ListReviews()), as_json=as_json, title="Waiting for you")


@app.command(name="open")
def open_(
    request: RequestArgument,
    out: Annotated[Path, typer.Option(help="Folder for the pictures of the probe.")],
    key: KeyOption,
    as_json: JsonOption = False,
) -> None:
    """Open a review: only the probe is shown, and the candidates once your analysis is locked."""
    from countersign.operations.open_review import OpenReview, open_review

    make_folder(out, without="probe-*")
    opened = act(key, Permission.REVIEW_OPEN, open_review, OpenReview(request=RequestId(request)))
    pictures = [
        str(write_new(out / f"probe-{number}.png", picture)) for number, picture in enumerate(opened.stills, start=1)
    ]
    candidates = _candidates(opened.candidates, out)
    shown = {"review": opened.review.id, "position": opened.review.position, "pictures": pictures}
    title = "Locked already: `review opine`" if candidates else "Describe the probe first: `review analyse`"
    emit({**shown, "candidates": candidates}, as_json=as_json, title=title)


def _candidates(candidates: "Sequence[ShownCandidate]", out: Path) -> list[dict[str, object]]:
    """Write the pictures of the candidates and say where they lie."""
    return [
        {
            "label": candidate.label,
            "images": [
                {
                    "image_date": image.image_date,
                    "picture": str(write_new(out / f"{candidate.label}-{number}.png", image.data)),
                }
                for number, image in enumerate(candidate.images, start=1)
            ],
        }
        for candidate in candidates
    ]


@app.command()
def seed(
    request: Annotated[str, typer.Argument(help="Request id of an executed search that nobody reviews yet.")],
    key: KeyOption,
    mate: Annotated[str, typer.Option(help="Subject whom the probe shows; nothing where nobody is held.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Make a search whose answer you know go to review like any other, to test examiners."""
    from countersign.operations.seed_review import SeedReview, seed_review
    from countersign.primitives.ids import RequestId

    seeded = act(key, Permission.REVIEW_SEED, seed_review, SeedReview(request=RequestId(request), mate=mate))
    emit({"request": seeded.id, "mated": seeded.mate is not None}, as_json=as_json, title="Seeded")


@app.command()
def analyse(
    review: ReviewArgument,
    features: Annotated[str, typer.Option(help="What can be seen of the face.")],
    limits: Annotated[str, typer.Option(help="What cannot be seen, and why.")],
    out: Annotated[Path, typer.Option(help="Folder for the candidates' pictures.")],
    key: KeyOption,
    one_person: Annotated[bool, typer.Option("--one-person", help="I attest that all stills show one person.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Lock the analysis of the probe; then the candidates are shown as A, B, C … in shuffled order."""
    from countersign.operations.analyse_probe import AnalyseProbe, analyse_probe
    from countersign.review.facial_review import ProbeAnalysis

    make_folder(out, without="[A-Z]-*")
    analysis = ProbeAnalysis(features=features, limits=limits, stills_show_one_person=one_person)
    done = act(key, Permission.REVIEW_ANALYSE, analyse_probe, AnalyseProbe(review=ReviewId(review), analysis=analysis))
    shown = _candidates(done.candidates, out)
    emit(
        {"review": review, "candidates": shown},
        as_json=as_json,
        title="Locked. Give an opinion on each: `review opine`",
    )


@app.command()
def opine(
    review: ReviewArgument,
    opinions: Annotated[Path, typer.Option(help="One table a candidate, TOML or JSON (docs: reference, opinions).")],
    key: KeyOption,
    as_json: JsonOption = False,
) -> None:
    """Lock your opinions; the other examiner's stay hidden."""
    from countersign.operations.give_opinion import GiveOpinion, give_opinion
    from countersign.primitives.codec import from_plain
    from countersign.review.facial_review import Opinion

    given = read_table(opinions).get("opinions")
    if not isinstance(given, list):
        raise Invalid("expected a list `opinions`, got none", code="opinions")
    read: tuple[Opinion, ...] = tuple(from_plain(Opinion, item, f"opinions[{at}]") for at, item in enumerate(given))
    done = act(key, Permission.REVIEW_OPINE, give_opinion, GiveOpinion(review=ReviewId(review), opinions=read))
    emit(done, as_json=as_json, title="Locked")
