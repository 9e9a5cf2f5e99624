"""OpenCV's way through a recording: FaceDetectorYN on every picture at full size. Runs in an environment of its own.

Usage: opencv_video.py DETECTOR.onnx RECORDING. For each line on standard input the recording is gone through once, and
one line of JSON is printed: the time it took, and of every face the picture's number, its box and its score.
"""

import json
import sys
import time

import cv2

LOWEST_SCORE, OVERLAP, MOST = 0.6, 0.3, 5000


def main() -> None:
    detector_file, recording = sys.argv[1:]
    detector = cv2.FaceDetectorYN.create(detector_file, "", (320, 320), LOWEST_SCORE, OVERLAP, MOST)
    print(json.dumps({"version": f"OpenCV {cv2.__version__}", "threads": cv2.getNumThreads()}), flush=True)
    for _ in sys.stdin:
        start, worked = time.perf_counter(), time.process_time()
        faces: list[list[float]] = []
        reel = cv2.VideoCapture(recording)
        number = 0
        while True:
            there, picture = reel.read()
            if not there:
                break
            detector.setInputSize((picture.shape[1], picture.shape[0]))
            _, found = detector.detect(picture)
            faces += [[number, *map(float, row[:4]), float(row[-1])] for row in (found if found is not None else ())]
            number += 1
        took, worked = time.perf_counter() - start, time.process_time() - worked
        print(
            json.dumps({"seconds": took, "processor_seconds": worked, "pictures": number, "faces": faces}), flush=True
        )


if __name__ == "__main__":
    main()
