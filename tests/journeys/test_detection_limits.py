"""What the shipped detector finds, from thumbnails to huge pictures, small, turned and close; and what it must not."""

import os
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from countersign.evaluation.manifest import first_of_each, read_manifest
from countersign.faces.detection import Detection, intersection_over_union
from countersign.faces.quality import measure
from countersign.governance.policy_pack import read_pack_toml, shipped
from countersign.governance.quality_rules import good_enough
from countersign.media.sandbox.decoder import decode_image
from countersign.primitives.arrays import RgbImage
from tests.journeys.command_line import RememberingEngine

FLOORS = read_pack_toml(shipped("test")).quality_floors
FACELESS = 300 if os.environ.get("COUNTERSIGN_LONG") else 30
LOOKS = [True, False]
"""Thorough, as a still is looked at; quick, as a reference is."""


@pytest.fixture(scope="module")
def portrait(research_images: Path) -> RgbImage:
    """Give a studio portrait, one face of about half the picture's width."""
    return decode_image((research_images / "london" / "001" / "neutral.jpg").read_bytes()).rgb_upright


def resized(rgb: RgbImage, width: int, height: int) -> RgbImage:
    how = cv2.INTER_AREA if width < rgb.shape[1] else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(rgb, (width, height), interpolation=how), dtype=np.uint8)


def clearest(engine: RememberingEngine, rgb: RgbImage, *, thorough: bool) -> Detection:
    found = engine.locate(rgb, thorough=thorough)
    assert found, "no face"
    return found[0]


def alike(one: NDArray[np.floating], other: NDArray[np.floating]) -> float:
    return float(intersection_over_union(one.astype(np.float32), other.astype(np.float32)))


@pytest.mark.parametrize("thorough", LOOKS)
@pytest.mark.parametrize("side_px", [64, 250, 7072])
def test_a_face_is_found_at_its_place_from_64_px_to_50_megapixels(
    networks: RememberingEngine, portrait: RgbImage, side_px: int, *, thorough: bool
):
    whole = clearest(networks, portrait, thorough=thorough)
    copy = resized(portrait, side_px, side_px)
    found = clearest(networks, copy, thorough=thorough)
    back = np.array([portrait.shape[1] / side_px, portrait.shape[0] / side_px], dtype=np.float32)
    assert alike(found.box_xyxy_px * np.tile(back, 2), whole.box_xyxy_px) > 0.6
    assert copy.size != 3 * 7072 * 7072 or copy.shape[0] * copy.shape[1] >= 50_000_000


def test_a_face_of_20_px_is_found_in_a_picture_of_1080_lines(networks: RememberingEngine, portrait: RgbImage):
    left, top, right, bottom = (float(edge) for edge in clearest(networks, portrait, thorough=True).box_xyxy_px)
    factor = 20 / (right - left)
    small = resized(portrait, round(portrait.shape[1] * factor), round(portrait.shape[0] * factor))
    street = np.full((1080, 1920, 3), 96, dtype=np.uint8)
    street[:540] = 150
    street[600 : 600 + small.shape[0], 1200 : 1200 + small.shape[1]] = small
    expected = np.array([1200, 600, 1200, 600]) + factor * np.array([left, top, right, bottom])
    found = networks.locate(street, thorough=True)
    assert max((alike(face.box_xyxy_px, expected) for face in found), default=0) > 0.4


@pytest.mark.parametrize("thorough", LOOKS)
@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_picture_on_its_side_or_head_shows_its_face(
    networks: RememberingEngine, portrait: RgbImage, turns: int, *, thorough: bool
):
    upright = resized(portrait, 500, 500)
    whole = clearest(networks, upright, thorough=thorough)
    turned: RgbImage = np.ascontiguousarray(np.rot90(upright, turns))
    found = clearest(networks, turned, thorough=thorough)
    right, left = found.landmarks_px[0], found.landmarks_px[1]
    expected = {1: (0, -1), 2: (-1, 0), 3: (0, 1)}[turns]
    between = (left - right) / np.linalg.norm(left - right)
    assert float(between @ np.array(expected)) > 0.9
    assert found.area_px == pytest.approx(whole.area_px, rel=0.4)


def test_a_camera_that_notes_how_it_was_held_is_believed(networks: RememberingEngine, portrait: RgbImage):
    upright = resized(portrait, 500, 500)
    file, exif = BytesIO(), Image.Exif()
    exif[0x0112] = 6  # stored on its side: turn it clockwise to see it
    Image.fromarray(np.ascontiguousarray(np.rot90(upright, 1))).save(file, "JPEG", quality=95, exif=exif)
    decoded = decode_image(file.getvalue()).rgb_upright
    face = clearest(networks, decoded, thorough=True)
    assert alike(face.box_xyxy_px, clearest(networks, upright, thorough=True).box_xyxy_px) > 0.8


@pytest.mark.parametrize("thorough", LOOKS)
def test_a_face_that_fills_the_whole_picture_is_found(
    networks: RememberingEngine, portrait: RgbImage, *, thorough: bool
):
    left, top, right, bottom = (round(float(edge)) for edge in clearest(networks, portrait, thorough=True).box_xyxy_px)
    close = resized(np.ascontiguousarray(portrait[max(0, top) : bottom, left:right]), 1200, 1600)
    found = clearest(networks, close, thorough=thorough)
    assert found.area_px > 0.5 * close.shape[0] * close.shape[1]


def judged(rgb: RgbImage, found: Sequence[Detection]) -> list[Detection]:
    """Give the finds that the shipped packs let anybody search with."""
    kept = []
    for face in found:
        quality = measure(rgb, face, [other for other in found if other is not face])
        if good_enough({one.component: one.score for one in quality.measures}, FLOORS).allowed:
            kept.append(face)
    return kept


@pytest.mark.row("PRB-05")
def test_at_most_3_of_100_stills_of_security_cameras_show_no_face(networks: RememberingEngine, research_images: Path):
    stills = sorted((research_images / "frmdb").glob("*/cctv_0?.jpg"))
    missed, refused = [], []
    for still in stills:
        rgb = decode_image(still.read_bytes()).rgb_upright
        found = networks.locate(rgb, thorough=True)
        missed += [still.name] if not found else []
        refused += [still.name] if not judged(rgb, found) else []
    assert len(stills) == 60
    assert len(missed) <= 0.03 * len(stills)
    # The floors of the shipped packs refuse the finds of two more: 3 of 60 cannot be searched with.
    assert len(refused) <= 3


def without_faces(engine: RememberingEngine, rgb: RgbImage) -> RgbImage:
    """Paint over every face that is found, and what is around it, in the picture's mean colour."""
    painted = rgb.copy()
    for face in engine.locate(rgb, thorough=True):
        left, top, right, bottom = face.box_xyxy_px
        wide, high = 0.4 * (right - left), 0.4 * (bottom - top)
        rows = slice(max(0, round(float(top - high))), max(0, round(float(bottom + high))))
        columns = slice(max(0, round(float(left - wide))), max(0, round(float(right + wide))))
        painted[rows, columns] = rgb.reshape(-1, 3).mean(axis=0).astype(np.uint8)
    return painted


@pytest.mark.row("PRB-05")
def test_at_most_2_of_100_pictures_without_faces_give_a_face_that_may_be_searched_with(
    networks: RememberingEngine, research_images: Path
):
    people = first_of_each(one for one in read_manifest(research_images) if one.dataset == "lfw")
    files = [one.path for one in people[:: max(1, len(people) // FACELESS)]][:FACELESS]
    files += sorted((research_images / "video").glob("*.jpg")) + sorted((research_images / "video").glob("*.png"))
    searchable = []
    for file in files:
        painted = without_faces(networks, decode_image(file.read_bytes()).rgb_upright)
        searchable += [file.name] if judged(painted, networks.locate(painted, thorough=True)) else []
    # One find in a short sample is no sign of more than 2 of 100; a long run holds the rate itself.
    assert len(searchable) <= max(1, 0.02 * len(files)), searchable
