"""HEIC files: one HEVC picture in the boxes of ISO/IEC 23008-12.

Nothing that we install writes HEIC; phones do, and a decoder that nobody feeds is not known to work. The coded pictures
were made once with x265 from the scene in `must`.
"""

import base64
import struct

PICTURES = {
    "upright": (
        96,
        64,
        (
            "AAAAdWh2Y0MBAWAAAACQAAAAAAAe8AD8/fj4AAAPA6AAAQAYQAEMAf//AWAAAAMAkAAAAwAAAwAelZgJoQABAChCAQEBYAAAAwCQ"
            "AAADAAADAB6gMIEFllZpJMrmgIAAAAMAgAAAAwCEogABAAdEAcFytCJA"
        ),
        (
            "AAABrSgBrwa4M3RM/lEF//76D9D8kYaLz4LYUo+4H6fq0RiOGuuLa7JQAi6crZA/kAQDJ8SVqSwDq+vvjN7utUm9wjT/066m5OwK"
            "3+8/k8kc/xxq/SF142nvb8JyG/9jE1MhpVM47eZPvfX8onNeUTb/H/e9l3MhkrzQIELQYBxLVbEkTEprf3DG3iNKomKNI6LOqalm"
            "JZBX8DwyB9tI4sKcX0Lk+Vh+foI9/B6KaM1zNsJtDA925lG9Mc3O7JeAyJXShQR/BFpvQhEv19ff/c5fyZyc2O/t4jatFxuv5/2E"
            "NQ66p96zQEKFFI7Qnc50DWMCPn1qyEuYLJlqAgB6qANTaW87UJSRkqkWieRWApiCHtt2Iu+myQBkzql5fCCMYwrGfhiPf9DGvGpY"
            "4KCmTsrqROqwp2Cazvm5qiw0sRYdqS3Wv5iPmZZ2963tYBzpwI8W8p1k6nc1P2bATUojAAe3VJJzoxW79FI8/0X+XUIDTJz317mr"
            "YFU/KNX0Eu/pyylkGH35yu2R8Gr5NoaMRqwLhQoTlZpy2F/xjryAkCoh+0CEnc9zKcv0t3bg/Oq9wA=="
        ),
    ),
    "on its side": (
        64,
        96,
        (
            "AAAAdWh2Y0MBAWAAAACQAAAAAAAe8AD8/fj4AAAPA6AAAQAYQAEMAf//AWAAAAMAkAAAAwAAAwAelZgJoQABAChCAQEBYAAAAwCQ"
            "AAADAAADAB6gIIGFllZpJMrmgIAAAAMAgAAAAwCEogABAAdEAcFytCJA"
        ),
        (
            "AAAB9CgBrwa4RmiZ/tuY/e/seH//z4CVyZ7nP0oROK4wMwakr6M/d3/PoU58hP92v/ft/ejCjbCz48xK746w/Ak/xK+MPFOylj61"
            "+d/yT/Nucf3Dnu2Tl+EWiqjnRP85VLl5ldARp7DhMb/0SUYhe2mQiXmi+eTVhl/MVTAsF/vZ4JpgadX5+mZbe/+N4hnQ92ML3/yf"
            "6wZC6VyIfeXzgS0Utsi8Jko9Yf1XU8F/pUv8+xJ/QpfrIHQ+ZzDxuvom1v6IKGlDp211Fbvx4o/L/968so1RuWndDVaKGXByU5pt"
            "gLZmbP/FKCUG4Py4MAHcHzEI/vqCWbNbSVi65P0xLIAWXNRtX610S2F+V61/Mfh/4VytpdNze3xFP0pgeeWVyv9lUS2gUQd5jhNQ"
            "Ui7NU5dnWy/rPyje4f/0d+90cp3WvbFMXTC+B7oI7CF2LHXK8slRf023aiDn+DSrfSjx2SX/T+v6v/J2qWmUDCWezS0rGr/BtxX2"
            "8gpll3sTPeACb/+rtO1OTQD2NlgHTZijduXAocCKQkj+J0/y34n+IMKDiWQK6Hznnsv+/5Ary9ySkH20i0stismo/vv7xGUt+2gV"
            "YuYi5Ps0+c9Ph8BEGAwQ8wFi67Bvb5rt62ZBFjzwKRLJ60520XVOs7TGZ50DasBQAAxfkbvb"
        ),
    ),
}
"""Width, height, decoder configuration (a hvcC box) and the coded picture of the scene in `must`, base64."""


def box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def full_box(kind: bytes, version: int, *parts: bytes) -> bytes:
    return box(kind, struct.pack(">I", version << 24), *parts)


def heic(name: str, *, turned: int = 0) -> bytes:
    """Give a HEIC file.

    Args:
        name: Which of `PICTURES`.
        turned: Quarter turns anticlockwise that a viewer must make, as phones write them.
    """
    width, height, configuration, coded = PICTURES[name]
    hvcc, sample = base64.b64decode(configuration), base64.b64decode(coded)
    properties = [hvcc, full_box(b"ispe", 0, struct.pack(">II", width, height)), box(b"irot", bytes([turned]))]
    ftyp = box(b"ftyp", b"heic", bytes(4), b"mif1heic")
    offset = len(ftyp) + len(_meta(properties, 0, len(sample))) + 8
    return ftyp + _meta(properties, offset, len(sample)) + box(b"mdat", sample)


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
