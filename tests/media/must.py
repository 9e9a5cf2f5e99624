"""Files that must decode, with what they must show, and files that must be refused, with why; all made here."""

import io
import struct
import zlib
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from tests.media.heic import heic

RED, BLUE, GREEN = (200, 30, 40), (20, 40, 200), (30, 160, 60)
SIZE = (96, 64)


def scene() -> NDArray[np.uint8]:
    """Red over blue with a green block to the left: every turn and every flip of it looks different."""
    rgb = np.empty((SIZE[1], SIZE[0], 3), dtype=np.uint8)
    rgb[:32], rgb[32:] = RED, BLUE
    rgb[16:48, 8:32] = GREEN
    return rgb


def encoded(image: Image.Image, name: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, name, **options)
    return stream.getvalue()


def in_colour() -> Iterator[tuple[str, bytes]]:
    """Every format, compression and colour space that shows the scene's colours."""
    rgb = Image.fromarray(scene())
    cmyk = rgb.convert("CMYK")
    to_lab = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB")
    lab = ImageCms.applyTransform(rgb, to_lab)
    assert lab is not None
    alpha = rgb.convert("RGBA")
    best = {"quality": 95}
    yield "jpeg", encoded(rgb, "JPEG", **best)
    yield "jpeg progressive", encoded(rgb, "JPEG", progressive=True, **best)
    yield "jpeg 4:4:4 with restarts", encoded(rgb, "JPEG", subsampling=0, restart_marker_rows=1, **best)
    yield "jpeg cmyk", encoded(cmyk, "JPEG", **best)
    yield "jpeg of two pictures (MPO)", encoded(rgb, "MPO", save_all=True, append_images=[rgb.rotate(180)], **best)
    yield "png", encoded(rgb, "PNG")
    yield "png with alpha", encoded(alpha, "PNG")
    yield "png of a palette", encoded(rgb.quantize(8), "PNG")
    yield "png of a palette with alpha", encoded(alpha.quantize(8), "PNG")
    yield "png that moves", encoded(rgb, "PNG", save_all=True, append_images=[rgb.rotate(180)])
    for compression in ("raw", "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg", "zstd", "lzma"):
        yield f"tiff {compression}", encoded(rgb, "TIFF", compression=compression)
    yield "tiff cmyk", encoded(cmyk, "TIFF")
    yield "tiff lab", encoded(lab, "TIFF")
    yield "tiff ycbcr", encoded(rgb.convert("YCbCr"), "TIFF")
    yield "tiff with alpha", encoded(alpha, "TIFF")
    yield "tiff of two pages", encoded(rgb, "TIFF", save_all=True, append_images=[rgb.rotate(180)])
    yield "tiff, large offsets", encoded(rgb, "TIFF", big_tiff=True)
    yield "bmp", encoded(rgb, "BMP")
    yield "bmp of a palette", encoded(rgb.quantize(8), "BMP")
    yield "webp", encoded(rgb, "WEBP", **best)
    yield "webp lossless with alpha", encoded(alpha, "WEBP", lossless=True)
    yield "webp that moves", encoded(rgb, "WEBP", save_all=True, append_images=[rgb.rotate(180)], lossless=True)
    yield "gif", encoded(rgb.quantize(8), "GIF")
    yield "gif that moves", encoded(rgb.quantize(8), "GIF", save_all=True, append_images=[rgb.rotate(180).quantize(8)])
    yield "jpeg 2000", encoded(rgb, "JPEG2000")
    yield "jpeg 2000 irreversible", encoded(rgb, "JPEG2000", irreversible=True, quality_mode="dB", quality_layers=[45])
    yield "jpeg 2000 codestream", encoded(rgb, "JPEG2000", no_jp2=True)
    yield "jpeg 2000 with alpha", encoded(alpha, "JPEG2000")
    yield "avif", encoded(rgb, "AVIF", **best)
    yield "avif with alpha", encoded(alpha, "AVIF", **best)
    yield "avif 4:4:4", encoded(rgb, "AVIF", subsampling="4:4:4", **best)
    yield "heic", heic("upright")
    yield "heic turned by the phone", heic("on its side", turned=1)
    yield "png 16 bits a colour", png_16(scene().astype(">u2") * 257)
    yield "tiff 16 bits a colour", tiff_16(scene().astype("<u2") * 257)
    yield from _turned_by_the_camera(rgb)


def png_16(rgb: NDArray[np.uint16]) -> bytes:
    """Give a PNG of 16 bits a colour, which nothing that is installed writes (ISO/IEC 15948)."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    height, width = rgb.shape[:2]
    lines = b"".join(b"\0" + line.tobytes() for line in rgb)
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")


def tiff_16(rgb: NDArray[np.uint16]) -> bytes:
    """Give a TIFF of 16 bits a colour, in one strip (TIFF 6.0)."""
    height, width = rgb.shape[:2]
    tags = [
        (256, 4, 1, width),
        (257, 4, 1, height),
        (258, 3, 3, 8),
        (259, 3, 1, 1),
        (262, 3, 1, 2),
        (273, 4, 1, 14),
        (277, 3, 1, 3),
        (278, 4, 1, height),
        (279, 4, 1, rgb.nbytes),
    ]
    directory = struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", *tag) for tag in tags) + bytes(4)
    return b"II*\0" + struct.pack("<I", 14 + rgb.nbytes) + struct.pack("<3H", 16, 16, 16) + rgb.tobytes() + directory


def _turned_by_the_camera(rgb: Image.Image) -> Iterator[tuple[str, bytes]]:
    stored = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    for orientation, transpose in stored.items():
        exif = Image.Exif()
        exif[0x0112] = orientation
        for name in ("JPEG", "TIFF", "WEBP", "AVIF"):
            yield (
                f"{name.lower()} orientation {orientation}",
                encoded(
                    rgb.transpose(Image.Transpose(transpose)),
                    name,
                    exif=exif,
                    **({} if name == "TIFF" else {"quality": 95}),
                ),
            )


def in_grey() -> Iterator[tuple[str, bytes]]:
    """What holds grey alone, of one bit to thirty-two."""
    ramp = np.tile(np.arange(96, dtype=np.uint16) * 689, (64, 1))
    eight = Image.fromarray((ramp >> 8).astype(np.uint8))
    for name in ("JPEG", "PNG", "TIFF", "BMP", "WEBP", "GIF", "JPEG2000", "AVIF"):
        yield f"{name.lower()} grey", encoded(eight, name)
    yield "png 16 bits", encoded(Image.fromarray(ramp), "PNG")
    yield "tiff 16 bits", encoded(Image.fromarray(ramp), "TIFF")
    yield "tiff 16 bits, high byte first", encoded(Image.fromarray(ramp.astype(">u2")), "TIFF")
    yield "jpeg 2000 16 bits", encoded(Image.fromarray(ramp), "JPEG2000")
    yield "tiff 32 bits", encoded(Image.fromarray(ramp.astype(np.int32)), "TIFF")
    yield "tiff floating", encoded(Image.fromarray((ramp / 65535).astype(np.float32)), "TIFF")
    yield "png grey with alpha", encoded(eight.convert("LA"), "PNG")


def refused() -> Iterator[tuple[str, bytes]]:
    """What must never be taken: other formats, what was cut, what is empty, what unfolds to too much."""
    rgb = Image.fromarray(scene())
    for name in ("PPM", "TGA", "PCX", "ICO", "SGI", "DDS", "PDF", "EPS", "SPIDER", "ICNS", "XBM"):
        image = {"SPIDER": rgb.convert("F"), "XBM": rgb.convert("1")}.get(name, rgb)
        yield f"format {name}", encoded(image, name)
    for name, data in (*in_colour(), *in_grey()):
        if "orientation" not in name:
            yield f"{name}, cut to a third", data[: len(data) // 3]
    yield "nothing", b""
    yield "one byte", b"\xff"
    yield "text", b"a still of the till\n" * 99
    yield "zeros", bytes(10_000)
    yield "too many pixels", encoded(Image.new("1", (10_000, 5_001)), "PNG")
    yield "too long", encoded(Image.new("L", (5_100, 100)), "PNG")
