"""OpenCV's own way from a file to features: FaceDetectorYN, then FaceRecognizerSF. Runs in an environment of its own.

Usage: opencv.py DETECTOR.onnx RECOGNISER.onnx FILE_OF_PATHS. For each line on standard input all files are described
once, and one line of JSON is printed.
"""

import json
import sys
import time
from pathlib import Path

import cv2


def main() -> None:
    detector_file, recogniser_file, listing = sys.argv[1:]
    detector = cv2.FaceDetectorYN.create(detector_file, "", (320, 320))
    recogniser = cv2.FaceRecognizerSF.create(recogniser_file, "")
    paths = Path(listing).read_text(encoding="utf-8").splitlines()

    def described(path: str) -> bool:
        image = cv2.imread(path)
        detector.setInputSize((image.shape[1], image.shape[0]))
        _, faces = detector.detect(image)
        if faces is None:
            return False
        recogniser.feature(recogniser.alignCrop(image, faces[0]))
        return True

    described(paths[0])
    print(json.dumps({"version": f"OpenCV {cv2.__version__}", "threads": cv2.getNumThreads()}), flush=True)
    for _ in sys.stdin:
        start, worked = time.perf_counter(), time.process_time()
        found = sum(map(described, paths))
        took, worked = time.perf_counter() - start, time.process_time() - worked
        print(json.dumps({"seconds": took, "processor_seconds": worked, "templates": found}), flush=True)


if __name__ == "__main__":
    main()
