"""From files to templates with quality measured, against the recipe of the package `face_recognition` (dlib)."""

from pathlib import Path

from benchmarks.parts.image_to_template import compared
from benchmarks.parts.report import report

if __name__ == "__main__":
    report(
        Path(__file__).stem,
        compared(
            "face_recognition",
            "load_image_file and face_encodings as in face_recognition 1.3 with its defaults (HOG, one upsampling)",
            files=40,
        ),
    )
