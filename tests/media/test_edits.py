"""What may be done to a picture: a closed list, replayed from the original to the same bytes."""

import re

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from countersign.media.edits import PARAMETERS, EditError, EditStep, Op, read_step
from countersign.media.replay import apply, averaged, picture_digest, to_original
from countersign.primitives.arrays import RgbImage

ONE_OF_EACH = (
    "average frames=2",
    "rotate cdeg=9000",
    "crop left=1 top=2 width=40 height=30",
    "rotate cdeg=-1234",
    "scale percent=150",
    "exposure cstops=120",
    "contrast percent=130",
    "gamma percent=80",
    "denoise radius=1",
    "deinterlace field=1",
    "defisheye permille=200",
    "perspective x1=3 y1=2 x2=50 y2=5 x3=48 y3=44 x4=1 y4=40 width=40 height=36",
)


def noise(height: int = 48, width: int = 64, seed: int = 1) -> RgbImage:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def one(text: str, rgb: RgbImage) -> RgbImage:
    return apply([read_step(text)], [rgb])


def test_the_list_is_closed_and_one_chain_holds_every_step():
    chain = [read_step(text) for text in ONE_OF_EACH]

    assert {step.op for step in chain} == set(Op)
    made = apply(chain, [noise(), noise(seed=2)])
    assert made.shape == (36, 40, 3)
    assert not made.flags.writeable


@pytest.mark.row("PRB-04")
def test_the_bytes_that_every_step_gives_are_those_that_it_gave_before():
    """A change of any step's arithmetic changes this digest, and with it every edit on record."""
    made = apply([read_step(text) for text in ONE_OF_EACH], [noise(), noise(seed=2)])

    assert picture_digest(made) == "bfd339974fda494239a69645a7f059d88294e55bf115c19fb60dbc1ba036ffe9"


@st.composite
def chains(draw: st.DrawFn) -> list[EditStep]:
    ops = draw(st.lists(st.sampled_from([op for op in Op if op not in {Op.AVERAGE, Op.PERSPECTIVE}]), max_size=4))
    return [
        EditStep(op=op, parameters=tuple(draw(st.integers(low, high)) for low, high in PARAMETERS[op].values()))
        for op in [draw(st.sampled_from([Op.GAMMA, Op.ROTATE, Op.DEFISHEYE])), *ops]
    ]


@settings(deadline=None, max_examples=80)
@given(chain=chains(), rgb=hnp.arrays(np.uint8, st.tuples(st.integers(2, 24), st.integers(2, 24), st.just(3))))
@pytest.mark.row("PRB-04")
def test_replaying_a_chain_from_the_original_gives_the_same_digest_and_leaves_the_original(
    chain: list[EditStep], rgb: NDArray[np.uint8]
):
    before = rgb.copy()
    try:
        first = apply(chain, [rgb])
    except EditError:
        assume(False)
    again = apply([read_step(str(step)) for step in chain], [rgb])

    assert picture_digest(first) == picture_digest(again)
    assert np.array_equal(rgb, before)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "restore strength=1",
        "mirror",
        "flip axis=1",
        "swap left=1",
        "paste x=1",
        "rotate",
        "rotate cdeg=18001",
        "rotate cdeg=1.5",
        "rotate cdeg=1 cdeg=1",
        "rotate degrees=90",
        "scale percent=-100",
        "scale percent=٣٠",
        "crop left=0 top=0 width=0 height=1",
        "denoise radius=1 sharpen=1",
    ],
)
@pytest.mark.row("PRB-04")
def test_what_is_not_on_the_list_is_refused(text: str):
    with pytest.raises(EditError, match="expected"):
        read_step(text)


@pytest.mark.parametrize(
    "corners",
    [
        [(60, 0), (0, 0), (0, 40), (60, 40)],  # the left is the right
        [(0, 40), (60, 40), (60, 0), (0, 0)],  # the head stands below
        [(0, 0), (60, 40), (60, 0), (0, 40)],  # crossed over
        [(0, 0), (30, 20), (60, 40), (0, 40)],  # three in a line
    ],
)
@pytest.mark.row("PRB-04")
def test_no_perspective_folds_or_mirrors(corners: list[tuple[int, int]]):
    told = " ".join(f"x{at}={x} y{at}={y}" for at, (x, y) in enumerate(corners, start=1))

    with pytest.raises(EditError, match="folds or mirrors"):
        one(f"perspective {told} width=60 height=40", noise())


@pytest.mark.parametrize(
    ("steps", "pictures"),
    [
        ([], [noise()]),
        (["denoise radius=1"] * 21, [noise()]),
        (["denoise radius=1"], [noise(), noise()]),
        (["average frames=3"], [noise(), noise()]),
        (["denoise radius=1", "average frames=2"], [noise()]),
        (["average frames=2"], [noise(), noise(40, 40)]),
        (["crop left=60 top=0 width=5 height=5"], [noise()]),
        (["crop left=0 top=44 width=5 height=5"], [noise()]),
        (["deinterlace field=0"], [noise(1, 9)]),
        (["scale percent=800"] * 4, [noise()]),
    ],
)
def test_a_step_that_does_not_fit_its_picture_is_refused(steps: list[str], pictures: list[RgbImage]):
    with pytest.raises(EditError, match="expected"):
        apply([read_step(text) for text in steps], pictures)


def test_quarter_turns_are_exact_and_four_are_none():
    rgb = noise(3, 5)

    assert np.array_equal(one("rotate cdeg=9000", rgb), np.rot90(rgb, -1))
    assert np.array_equal(apply([read_step("rotate cdeg=9000")] * 4, [rgb]), rgb)


def test_the_mean_is_rounded_to_the_nearest():
    shades = [np.full((1, 1, 3), shade, dtype=np.uint8) for shade in (0, 1, 1)]

    assert averaged(shades)[0, 0, 0] == 1
    assert averaged(shades[:2])[0, 0, 0] == 1
    assert averaged([shades[0], *shades[:2]])[0, 0, 0] == 0


def test_tones_move_as_told():
    grey = np.full((1, 3, 3), [[0], [118], [255]], dtype=np.uint8)

    assert one("exposure cstops=100", grey)[0, :, 0].tolist() == [0, 162, 255]
    assert one("exposure cstops=0", grey)[0, :, 0].tolist() == [0, 118, 255]
    assert one("gamma percent=200", grey)[0, :, 0].tolist() == [0, 173, 255]
    assert one("contrast percent=200", grey)[0, :, 0].tolist() == [0, 108, 255]
    assert one("contrast percent=100", grey)[0, :, 0].tolist() == [0, 118, 255]


def test_one_field_stays_and_the_other_is_the_mean_of_its_neighbours():
    lines = np.repeat(np.array([[[0]], [[90]], [[11]], [[90]]], dtype=np.uint8), 3, axis=2)

    assert one("deinterlace field=0", lines)[:, 0, 0].tolist() == [0, 6, 11, 11]
    assert one("deinterlace field=1", lines)[:, 0, 0].tolist() == [90, 90, 90, 90]


def test_denoising_takes_a_lone_pixel_away():
    rgb = np.zeros((5, 5, 3), dtype=np.uint8)
    rgb[2, 2] = 255

    assert one("denoise radius=1", rgb).max() == 0


def test_a_perspective_of_the_whole_picture_changes_nothing():
    rgb = noise(40, 60)
    corners = "x1=0 y1=0 x2=60 y2=0 x3=60 y3=40 x4=0 y4=40"

    assert np.array_equal(one(f"perspective {corners} width=60 height=40", rgb), rgb)


def test_what_bulges_is_straightened_and_the_corners_stay():
    steps = [read_step("defisheye permille=300")]
    places = np.array([[0.0, 0.0], [50.0, 40.0], [75.0, 40.0]])

    corner, centre, between = to_original(steps, places, width=100, height=80)
    assert corner.tolist() == [0, 0]
    assert centre.tolist() == [50, 40]
    assert between[0] > 75


@pytest.mark.parametrize("text", [text for text in ONE_OF_EACH if not text.startswith("average")])
def test_a_place_in_the_edited_picture_leads_back_to_where_it_was(text: str):
    """A white square on black is edited; its centre of mass, led back, lies where the square was."""
    rgb = np.zeros((60, 80, 3), dtype=np.uint8)
    rgb[20:28, 30:38] = 255
    made = one(text, rgb).astype(np.float64).mean(axis=2) > 100
    rows, columns = np.nonzero(made)
    centre = np.array([[columns.mean() + 0.5, rows.mean() + 0.5]])

    ((x, y),) = to_original([read_step(text)], centre, width=80, height=60).tolist()
    assert (x, y) == (pytest.approx(34, abs=0.6), pytest.approx(24, abs=0.6))


def test_every_parameter_is_a_whole_number_with_a_range():
    names = [name for told in PARAMETERS.values() for name in told]

    assert all(re.fullmatch("[a-z]+[1-4]?", name) for name in names)
    with pytest.raises(EditError, match="expected of rotate the numbers cdeg, got 2"):
        EditStep(op=Op.ROTATE, parameters=(1, 2))
