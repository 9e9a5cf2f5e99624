"""The recipe of the package `face_recognition`, step by step: HOG detector, five landmarks, dlib's network.

The package itself is not installed, since it would compile dlib; what `face_encodings` does is written out here.
Usage: face_recognition.py FILE_OF_PATHS. For each line on standard input all files are described once, and one line of
JSON is printed.
"""

import json
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import dlib
import numpy as np
from PIL import Image


def main() -> None:
    spec = find_spec("face_recognition_models")
    assert spec is not None
    assert spec.origin is not None
    networks = Path(spec.origin).parent / "models"
    detector = dlib.get_frontal_face_detector()
    landmarks = dlib.shape_predictor(str(networks / "shape_predictor_5_face_landmarks.dat"))
    encoder = dlib.face_recognition_model_v1(str(networks / "dlib_face_recognition_resnet_model_v1.dat"))
    paths = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()

    def described(path: str) -> bool:
        image = np.array(Image.open(path).convert("RGB"))
        faces = detector(image, 1)
        if not faces:
            return False
        encoder.compute_face_descriptor(image, landmarks(image, faces[0]), 1)
        return True

    described(paths[0])
    print(json.dumps({"version": f"dlib {dlib.__version__}", "threads": 1}), flush=True)
    for _ in sys.stdin:
        start, worked = time.perf_counter(), time.process_time()
        found = sum(map(described, paths))
        took, worked = time.perf_counter() - start, time.process_time() - worked
        print(json.dumps({"seconds": took, "processor_seconds": worked, "templates": found}), flush=True)


if __name__ == "__main__":
    main()
