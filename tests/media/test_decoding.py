"""Bytes become upright pixels or an error, whatever the bytes."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageCms

from countersign.media.decoding import Still, UndecodableImageError, decode_image
from countersign.media.sandbox.decoder import decode_image as sandboxed
from countersign.media.sandbox.decoder import decode_images, plain_png
from tests.media.must import BLUE, GREEN, RED, in_colour, in_grey, refused

CORPORA = Path(__file__).parents[3] / "shared" / "corpora"
RED_OVER_BLUE = np.array([[[255, 0, 0]] * 8] * 8 + [[[0, 0, 255]] * 8] * 8, dtype=np.uint8)
HOSTILE = """
import resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
from countersign.media.decoding import Still, UndecodableImageError, decode_image
seen = []
for path in sorted(path for name in ("pillow", "jpeg", "png") for path in Path(sys.argv[1], name).iterdir()):
    try:
        seen.append(type(decode_image(path.read_bytes())))
    except UndecodableImageError as error:
        seen.append(type(error))
assert set(seen) == {Still, UndecodableImageError}, set(seen)
print(len(seen))
"""


def _encoded(image: Image.Image, name: str, **options: object) -> bytes:
    stream = BytesIO()
    image.save(stream, name, **options)
    return stream.getvalue()


@pytest.mark.parametrize("name", ["JPEG", "PNG", "TIFF", "BMP", "WEBP", "GIF"])
def test_each_format_that_is_taken_gives_its_pixels_read_only(name: str):
    options = {"quality": 95} if name in {"JPEG", "WEBP"} else {}
    still = decode_image(_encoded(Image.fromarray(RED_OVER_BLUE), name, **options))

    assert (still.width_px, still.height_px, still.format, still.exif_captured_at) == (8, 16, name, None)
    off = np.abs(still.rgb_upright.astype(int) - RED_OVER_BLUE)
    assert off[[0, 6, 9, 15]].max() <= 4  # colours of lossy formats run into each other where they meet
    assert not still.rgb_upright.flags.writeable


@pytest.mark.parametrize("name", ["PPM", "ICO", "TGA", "PCX"])
def test_other_formats_are_refused(name: str):
    with pytest.raises(UndecodableImageError, match="no image of these formats"):
        decode_image(_encoded(Image.fromarray(RED_OVER_BLUE), name))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_of_the_camera_comes_out_upright(orientation: int):
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # the transpose that stores the picture as the camera would
    image = Image.fromarray(RED_OVER_BLUE)
    stored = image.transpose(Image.Transpose(back[orientation])) if orientation > 1 else image
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    still = decode_image(_encoded(stored, "PNG", exif=exif))

    assert np.array_equal(still.rgb_upright, RED_OVER_BLUE)
    assert (still.width_px, still.height_px) == (8, 16)


@pytest.mark.parametrize(
    ("written", "offset", "expected"),
    [
        ("2024:02:29 23:59:01", None, "2024-02-29T23:59:01"),
        ("2024:02:29 23:59:01", "+01:00", "2024-02-29T23:59:01+01:00"),
        ("2024:02:29 23:59:01", "soon", "2024-02-29T23:59:01"),
        ("yesterday", "+01:00", None),
    ],
)
def test_the_cameras_time_is_given_only_when_it_reads_as_one(written: str, offset: str | None, expected: str | None):
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = written
    if offset:
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.OffsetTimeOriginal] = offset

    assert decode_image(_encoded(Image.fromarray(RED_OVER_BLUE), "JPEG", exif=exif)).exif_captured_at == expected


def test_transparency_is_laid_on_white():
    layered = np.zeros((4, 4, 4), dtype=np.uint8)
    layered[0, 0] = (0, 100, 0, 255)
    pixels = decode_image(_encoded(Image.fromarray(layered), "PNG")).rgb_upright

    assert pixels[0, 0].tolist() == [0, 100, 0]
    assert pixels[3, 3].tolist() == [255, 255, 255]


def test_a_palette_with_a_transparent_colour_is_laid_on_white_too():
    image = Image.fromarray(RED_OVER_BLUE).quantize(4)
    pixels = decode_image(_encoded(image, "PNG", transparency=image.getpixel((0, 15)))).rgb_upright

    assert pixels[0, 0].tolist() == [255, 0, 0]
    assert pixels[15, 0].tolist() == [255, 255, 255]


def test_sixteen_bit_grey_is_reduced_by_its_full_range():
    grey = np.array([[0, 257, 65535]], dtype=np.uint16)

    assert decode_image(_encoded(Image.fromarray(grey), "PNG")).rgb_upright[0, :, 0].tolist() == [0, 1, 255]
    assert decode_image(_encoded(Image.fromarray(grey), "TIFF")).rgb_upright[0, :, 2].tolist() == [0, 1, 255]


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        (np.array([[0.0, 0.2, 1.0]], dtype=np.float32), [0, 51, 255]),
        (np.array([[0.0, 51.0, 255.0]], dtype=np.float32), [0, 51, 255]),
        (np.array([[0, 51 * 257, 65535]], dtype=np.int32), [0, 51, 255]),
        (np.array([[0, 51 * 2**23, 2**31 - 1]], dtype=np.int32), [0, 25, 128]),
    ],
)
def test_wide_grey_samples_use_the_narrowest_range_that_holds_them(samples: NDArray[np.generic], expected: list[int]):
    still = decode_image(_encoded(Image.fromarray(samples), "TIFF"))

    assert np.abs(still.rgb_upright[0, :, 1].astype(int) - expected).max() <= 1


@pytest.mark.parametrize("worst", [np.nan, -1.0, 1e20])
def test_grey_samples_that_are_no_light_are_refused(worst: float):
    with pytest.raises(UndecodableImageError, match="grey samples"):
        decode_image(_encoded(Image.fromarray(np.array([[0.5, worst]], dtype=np.float32)), "TIFF"))


def test_cmyk_and_lab_come_out_as_the_colours_they_stand_for():
    red = Image.fromarray(np.full((16, 16, 3), (200, 30, 40), dtype=np.uint8))
    to_lab = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB")
    for image in (red.convert("CMYK"), ImageCms.applyTransform(red, to_lab)):
        assert image is not None
        pixels = decode_image(_encoded(image, "TIFF")).rgb_upright
        assert np.abs(pixels.astype(int) - (200, 30, 40)).max() <= 6


def test_of_several_frames_the_first_is_taken():
    frames = [Image.fromarray(np.full((4, 4), shade, dtype=np.uint8)) for shade in (255, 0)]

    assert decode_image(_encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])).rgb_upright.min() == 255


@settings(deadline=None)
@given(cut=st.floats(0, 0.95))
@pytest.mark.parametrize("name", ["JPEG", "PNG", "BMP", "WEBP"])
def test_a_file_cut_short_is_refused(name: str, cut: float):
    data = _encoded(Image.effect_noise((40, 40), 90).convert("RGB"), name)

    with pytest.raises(UndecodableImageError, match="expected a whole image"):
        decode_image(data[: int(len(data) * cut)])


@settings(deadline=None)
@given(
    data=st.binary(max_size=200),
    start=st.sampled_from([b"", b"\xff\xd8\xff\xe1", b"\x89PNG\r\n\x1a\n", b"II*\0", b"BM", b"GIF89a"]),
)
def test_no_bytes_give_anything_but_a_still_or_the_one_error(data: bytes, start: bytes):
    try:
        outcome: object = decode_image(start + data)
    except UndecodableImageError as error:
        outcome = error

    assert isinstance(outcome, Still | UndecodableImageError)


def test_more_pixels_than_the_limit_are_refused_before_they_are_decoded():
    too_many = _encoded(Image.new("1", (10_000, 5_001)), "PNG")

    with pytest.raises(UndecodableImageError, match="10000 x 5001 px, more than 50000000 pixels") as caught:
        decode_image(too_many)
    assert caught.value.code == "undecodable_image"


@pytest.mark.skipif(not CORPORA.is_dir(), reason="the hostile media beside the project are absent")
def test_files_that_once_broke_decoders_give_a_still_or_the_one_error_within_bounds():
    done = subprocess.run(
        [sys.executable, "-c", HOSTILE, str(CORPORA)], capture_output=True, text=True, check=False, timeout=120
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout == "181\n"


def test_a_plain_png_has_the_pixels_and_none_of_the_metadata() -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken of Smith, John"
    stream = BytesIO()
    Image.new("RGB", (6, 4), (10, 200, 30)).save(stream, "JPEG", exif=exif)
    shown = plain_png(stream.getvalue())
    assert b"Smith" in stream.getvalue()
    assert b"Smith" not in shown
    assert (decode_image(shown).rgb_upright == decode_image(stream.getvalue()).rgb_upright).all()


@pytest.mark.parametrize(("name", "data"), list(in_colour()), ids=lambda one: one if isinstance(one, str) else "")
def test_what_must_decode_shows_its_colours_upright_with_the_doors_shut(name: str, data: bytes):
    rgb = sandboxed(data).rgb_upright.astype(int)

    assert rgb.shape == (64, 96, 3), name
    for place, colour in (((8, 80), RED), ((56, 80), BLUE), ((32, 20), GREEN)):
        assert np.abs(rgb[place] - colour).max() <= 12, (name, place, rgb[place])


@pytest.mark.parametrize(("name", "data"), list(in_grey()), ids=lambda one: one if isinstance(one, str) else "")
def test_what_must_decode_shows_its_greys_with_the_doors_shut(name: str, data: bytes):
    rgb = sandboxed(data).rgb_upright.astype(int)

    assert np.abs(rgb[32, :, 0] - np.arange(96) * 689 / 257).max() <= 12, name
    assert np.ptp(rgb, axis=2).max() <= 2


def test_what_must_be_refused_is_refused_with_a_reason():
    files = dict(refused())
    outcomes = dict(zip(files, decode_images(list(files.values())), strict=True))

    assert [name for name, one in outcomes.items() if isinstance(one, Still)] == []
    assert all(one.reason for one in outcomes.values() if isinstance(one, UndecodableImageError))
    assert not [name for name, one in outcomes.items() if "its decoder" in str(one)]
