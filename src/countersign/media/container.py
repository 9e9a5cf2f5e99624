"""Opening a recording: containers and codecs of a closed list, no protocol, bytes from a file object. Sandbox only."""

from typing import Protocol

import av
from av import FFmpegError
from av.container import InputContainer
from av.video.stream import VideoStream

from countersign.media.footage import CODECS, CONTAINERS, FRAME_PIXEL_LIMIT, UndecodableVideoError

__all__ = ["THREADS", "Readable", "opened", "pictures_of"]

# A decoder's thread that wants to say something would wait for the interpreter, while that waits for the thread.
av.logging.restore_default_callback()
av.logging.set_libav_level(av.logging.PANIC)

THREADS = 2
_BUFFER_BYTES = 1 << 18
_OPTIONS = {
    "format_whitelist": ",".join(CONTAINERS),
    "codec_whitelist": ",".join(CODECS),
    "protocol_whitelist": "",
    "max_streams": "32",
}
_TEXT_BYTES, _TEXT_LEAST = 1 << 16, 50
_BOXES = 64


class Readable(Protocol):
    """Bytes that can be read from any place."""

    def read(self, size: int = -1, /) -> bytes:
        """Give bytes from the place on."""
        ...

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to a place."""
        ...


def opened(stream: Readable) -> InputContainer:
    """Open a recording.

    Raises:
        UndecodableVideoError: It does not open; for an MP4 in words that help to get a better copy.
    """
    try:
        return av.open(stream, "r", options=dict(_OPTIONS), buffer_size=_BUFFER_BYTES)
    except FFmpegError as cause:
        wrong = _wrong_with(stream) or f"no recording of these formats ({cause.strerror})"
        raise UndecodableVideoError(wrong) from cause
    # The bindings let out whatever a hostile header makes them stumble on.
    except (ValueError, OverflowError, UnicodeError) as cause:
        raise UndecodableVideoError(f"{type(cause).__name__}: {cause}"[:200]) from cause


def _wrong_with(stream: Readable) -> str:
    """Say what is wrong with an MP4 that does not open, in words that help to get a better copy; else nothing."""
    stream.seek(0)
    start = stream.read(_TEXT_BYTES)
    if start[4:8] != b"ftyp":
        return ""
    as_text = start.count(b"\xef\xbf\xbd") >= _TEXT_LEAST
    why = "; it was saved as text on its way, which replaced bytes" if as_text else "; it was cut off or overwritten"
    place = 0
    for _ in range(_BOXES):
        stream.seek(place)
        head = stream.read(8)
        length, kind = int.from_bytes(head[:4], "big"), head[4:]
        if length == 1:
            length = int.from_bytes(stream.read(8), "big")
        if kind == b"moov":
            return f"its index cannot be read{why}"
        if len(head) < 8 or length < 8:  # noqa: PLR2004  a head of a part
            break
        place += length
    return f"its index is missing{why}"


def pictures_of(container: InputContainer, threads: int) -> VideoStream:
    """Give the pictures of a recording, ready to be decoded.

    Raises:
        UndecodableVideoError: Another container, no pictures, another codec or a size beyond the limit.
    """
    if container.format.name not in CONTAINERS:
        raise UndecodableVideoError(f"a container of another kind ({container.format.name})")
    video = container.streams.best("video")
    if not isinstance(video, VideoStream):
        raise UndecodableVideoError("no pictures in it that can be decoded")
    if video.codec_context.codec.name not in CODECS:
        raise UndecodableVideoError("pictures in a codec that is not taken")
    if video.width * video.height > FRAME_PIXEL_LIMIT:
        raise UndecodableVideoError(f"{video.width} x {video.height} px, more than {FRAME_PIXEL_LIMIT} pixels")
    video.thread_type = "AUTO" if threads > 1 else "NONE"
    video.codec_context.thread_count = threads
    video.codec_context.skip_frame = "NONREF"
    return video
