"""From files to templates with quality measured, against OpenCV's own pipeline with the same two networks."""

from pathlib import Path

from benchmarks.parts.image_to_template import compared
from benchmarks.parts.report import report

if __name__ == "__main__":
    report(
        Path(__file__).stem,
        compared(
            "opencv",
            "cv2.imread, FaceDetectorYN, FaceRecognizerSF.alignCrop and .feature, one image at a time",
            files=64,
            networks=("yunet-2023mar", "sface-2021dec"),
        ),
    )
