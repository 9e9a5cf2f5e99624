"""Takes the pictures of `in-the-browser.md` anew: plays the story with drawn faces in Debian's Chromium.

Run by hand, from the root of the repository, whenever pages change:

    PYTHONPATH=. .venv/bin/python docs/tutorial/take_pictures.py

Nobody who exists is shown: every face is drawn here, from a number.
"""

import io
import re
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from countersign.faces.detection import Detection, order
from countersign.governance.programme import ProgrammeKind
from countersign.primitives.arrays import RgbImage
from tests.fakes import FakeEngine
from tests.operations.scene import SOUGHT, Scene, found
from tests.web import story
from tests.web.chromium import Sitting, Visitor, launched, serving

OUT = Path(__file__).with_name("pictures")
TILE_PX = 320
WIDTH_PX, HEIGHT_PX = 1000, 1500
"""Of a picture: the page's own width, and the most that is kept of its length."""
COLOURS = 96
MOST_BYTES = 150_000
LANDMARKS = np.array([[132, 140], [188, 140], [160, 178], [138, 212], [182, 212]], dtype=np.float32)
PAGES = {
    r"^/requests$": "requests",
    r"^/ask$": "case",
    r"^/exhibits/new$": "exhibit",
    r"^/exhibits/\w{32}/faces$": "faces",
    r"^/exhibits$": "picked",
    r"^/ask/why$": "question",
    r"^/ask/check$": "check",
    r"^/requests/\w{32}\?sent$": "submitted",
    r"^/decisions$": "decisions",
    r"^/decisions/\w{32}$": "basis",
    r"^/decisions/\w{32}/decide$": "decide",
    r"^/workstation$": "workstation",
    r"^/workstation/\w{32}/search$": "search",
    r"^/workstation/\w{32}/review$": "begin",
    r"^/workstation/\w{32}/probe$": "probe",
    r"^/workstation/\w{32}/candidates/A$": "candidate",
    r"^/workstation/\w{32}/opinions$": "opinions",
    r"^/workstation/\w{32}/release$": "release",
    r"^/requests/\w{32}/lead$": "lead",
}
"""Addresses, and the name of the picture that is taken of the last such page."""


class DrawnEngine(FakeEngine):
    """Finds the faces that are drawn here; who is drawn stands in the first row of pixels."""

    def locate(self, rgb: RgbImage, *, thorough: bool) -> tuple[Detection, ...]:
        """Find a face in each tile."""
        self.looks.append(thorough)
        found = []
        for left in range(0, rgb.shape[1], TILE_PX):
            person, _, quality = rgb[0, left].tolist()
            if person:
                box = np.array([left + 88, 70, left + 232, 262], dtype=np.float32)
                landmarks = LANDMARKS + np.array([left, 0], dtype=np.float32)
                found.append(Detection(box_xyxy_px=box, landmarks_px=landmarks, score=quality / 255))
        return order(found)


def draw_face(person: int, view: int, *, blurred: bool) -> Image.Image:
    """Draw a face: features from the person's number, clothes and light from the view's."""
    face, look = np.random.default_rng(person), np.random.default_rng([person, view])
    skin = (212, 176, 148)  # the same for everybody: no picture is to say who does what
    hair = [(60, 45, 35), (25, 22, 20), (140, 105, 60), (120, 120, 120)][int(face.integers(4))]
    wall = tuple(int(c) for c in look.integers(150, 205, 3))
    cloth = tuple(int(c) for c in look.integers(40, 140, 3))
    shade = tuple(max(0, c - 28) for c in skin)
    tile = Image.new("RGB", (TILE_PX, TILE_PX), wall)
    pen = ImageDraw.Draw(tile)
    wide, jaw, brow = int(face.integers(62, 76)), int(face.integers(0, 14)), int(face.integers(-4, 6))
    pen.ellipse((40, 268, 280, 420), fill=cloth)
    pen.rectangle((136, 220, 184, 290), fill=shade)
    pen.ellipse((160 - wide - 8, 58, 160 + wide + 8, 200), fill=hair)
    pen.ellipse((160 - wide, 72, 160 + wide, 252 + jaw), fill=skin)
    pen.pieslice((160 - wide, 62, 160 + wide, 160), 180, 360, fill=hair)
    pen.ellipse((160 - wide, 92, 160 + wide, 180), fill=skin)
    for x, side in ((132, -1), (188, 1)):
        pen.ellipse((x - 13, 132, x + 13, 148), fill=(250, 250, 250))
        pen.ellipse((x - 6, 133, x + 6, 147), fill=(60, 45, 40))
        pen.line((x - 17, 121 - side * brow, x + 17, 121 + side * brow), fill=hair, width=6)
    nose = int(face.integers(9, 17))
    pen.line((160, 142, 160 - nose, 182, 160 + nose, 182), fill=shade, width=4)
    mouth = int(face.integers(18, 28))
    pen.arc((160 - mouth, 196, 160 + mouth, 222), 10, 170, fill=(150, 70, 70), width=5)
    return tile.filter(ImageFilter.GaussianBlur(2.2)) if blurred else tile


def draw(path: Path, *people: tuple[int, int], blurred: bool = False) -> Path:
    """Write a picture of one tile a person, side by side."""
    whole = Image.new("RGB", (TILE_PX * len(people), TILE_PX))
    for place, (person, view) in enumerate(people):
        whole.paste(draw_face(person, view, blurred=blurred), (place * TILE_PX, 0))
        whole.paste((person, view, 204), (place * TILE_PX, 0, (place + 1) * TILE_PX, 1))
    path.parent.mkdir(parents=True, exist_ok=True)
    whole.save(path)
    return path


def prepare(folder: Path) -> Scene:
    """Make a demonstration whose collection holds drawn faces, three of which are alike."""
    founded = found(folder / "scene", ProgrammeKind.DEMONSTRATION)
    founded.close()
    scene = Scene(folder=founded.folder, clock=founded.clock, keys=founded.keys, engine=DrawnEngine())
    scene.force.open_programme(ProgrammeKind.DEMONSTRATION)
    collection = scene.force.register().id
    pictures = folder / "references"
    for name, views in {"A-1031": (1, 2), "A-2207": (21,), "A-3518": (22,)}.items():
        for view in views:
            draw(pictures / name / f"{view}.png", (SOUGHT, view))
    for person in range(30, 40):
        draw(pictures / f"B-{person}" / "1.png", (person, 1))
    scene.force.enrol(collection, pictures)
    return scene


def small(png: bytes) -> bytes:
    """Make a screenshot small: no longer than `HEIGHT_PX`, few colours."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    image = image.crop((0, 0, image.width, min(image.height, HEIGHT_PX)))
    stream = io.BytesIO()
    image.quantize(COLOURS, method=Image.Quantize.MEDIANCUT).save(stream, "PNG", optimize=True)
    return stream.getvalue()


def take(one: Visitor) -> None:
    """Take the picture of a page that the tutorial shows."""
    name = next((name for address, name in PAGES.items() if re.match(address, one.seen[-1])), None)
    if name is None:
        return
    one.page.wait_for_timeout(700 if name in {"probe", "candidate"} else 0)
    data = small(one.page.screenshot(full_page=True))
    if len(data) > MOST_BYTES:
        message = f"expected a picture of {name} of at most {MOST_BYTES} bytes, got {len(data)}"
        raise ValueError(message)
    (OUT / f"{name}.png").write_bytes(data)


def main() -> None:
    """Play the story and take every picture."""
    OUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, launched() as chromium:
        scene = prepare(Path(folder))
        still = draw(Path(folder) / "still.png", (SOUGHT, 9), (200, 4), blurred=True)
        with serving(scene) as served:
            for _ in story.play(chromium, served, Sitting(width=WIDTH_PX, audited=False, watch=take), still):
                pass
        scene.close()
    for picture in sorted(OUT.glob("*.png")):
        print(f"{picture.name:20} {picture.stat().st_size / 1000:6.1f} kB")  # noqa: T201  told to whoever runs it


if __name__ == "__main__":
    main()
