"""A HEIC file made here: one HEVC picture, as PyAV encodes it, in the boxes of ISO/IEC 23008-12.

Nothing that we install writes HEIC; phones do, and a decoder that nobody feeds is not known to work.
"""

import struct
from io import BytesIO

import av
from numpy.typing import NDArray


def box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def full_box(kind: bytes, version: int, *parts: bytes) -> bytes:
    return box(kind, struct.pack(">I", version << 24), *parts)


def heic(rgb: NDArray[object], *, turned: int = 0) -> bytes:
    """Give a HEIC file.

    Args:
        rgb: Shape (height, width, 3), both sides even and at least 64.
        turned: Quarter turns anticlockwise that a viewer must make, as phones write them.
    """
    hvcc, sample = _encoded(rgb)
    height, width = rgb.shape[:2]
    properties = [hvcc, full_box(b"ispe", 0, struct.pack(">II", width, height)), box(b"irot", bytes([turned]))]
    ftyp = box(b"ftyp", b"heic", bytes(4), b"mif1heic")
    for offset in (0, _mdat_offset(ftyp, properties, len(sample))):
        meta = _meta(properties, offset, len(sample))
    return ftyp + meta + box(b"mdat", sample)


def _mdat_offset(ftyp: bytes, properties: list[bytes], length: int) -> int:
    return len(ftyp) + len(_meta(properties, 0, length)) + 8


def _meta(properties: list[bytes], offset: int, length: int) -> bytes:
    entry = full_box(b"infe", 2, struct.pack(">HH4s", 1, 0, b"hvc1"), b"\0")
    associations = struct.pack(">IHB", 1, 1, len(properties)) + bytes(
        [0x80 | at if at != 2 else at for at in range(1, len(properties) + 1)]
    )
    return full_box(
        b"meta",
        0,
        full_box(b"hdlr", 0, bytes(4), b"pict", bytes(12), b"\0"),
        full_box(b"pitm", 0, struct.pack(">H", 1)),
        full_box(b"iloc", 0, bytes([0x44, 0]), struct.pack(">HHHHII", 1, 1, 0, 1, offset, length)),
        full_box(b"iinf", 0, struct.pack(">H", 1), entry),
        box(b"iprp", box(b"ipco", *properties), full_box(b"ipma", 0, associations)),
    )


def _encoded(rgb: NDArray[object]) -> tuple[bytes, bytes]:
    """Give the hvcC box and the one sample of a film of one frame."""
    stream = BytesIO()
    with av.open(stream, "w", format="mp4") as film:
        video = film.add_stream(
            "libx265", rate=1, options={"x265-params": "log-level=none:pools=none:info=0", "crf": "4"}
        )
        video.width, video.height, video.pix_fmt = rgb.shape[1], rgb.shape[0], "yuv420p"
        video.codec_tag = "hvc1"
        frame = av.VideoFrame.from_ndarray(rgb, format="rgb24")
        film.mux([*video.encode(frame), *video.encode(None)])
    data = stream.getvalue()
    at = data.index(b"hvcC") - 4
    hvcc = data[at : at + int.from_bytes(data[at : at + 4], "big")]
    at = data.index(b"mdat") + 4
    length = int.from_bytes(data[at - 8 : at - 4], "big") - 8
    return hvcc, data[at : at + length]
