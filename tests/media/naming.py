"""Files that name other resources: playlists, documents, containers, archives. None may make a reader open another.

Each is made for one planted file and one address; ``{path}`` and ``{url}`` stand for them.
"""

import io
import struct
import tarfile
import zipfile
from collections.abc import Iterator

from PIL import Image, PngImagePlugin

TEXTS = {
    "master.m3u8": "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n{url}\n",
    "media.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{path}\n#EXT-X-ENDLIST\n",
    "file.m3u8": "#EXTM3U\n#EXTINF:9,\nfile://{path}\n",
    "key.m3u8": '#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="{url}"\n#EXTINF:9,\na.ts\n',
    "map.m3u8": '#EXTM3U\n#EXT-X-MAP:URI="{path}"\n#EXTINF:9,\na.mp4\n',
    "concat.m3u8": "#EXTM3U\n#EXTINF:9,\nconcat:{path}|{path}\n",
    "subfile.m3u8": "#EXTM3U\n#EXTINF:9,\nsubfile,,start,0,end,64,,:{path}\n",
    "crypto.m3u8": "#EXTM3U\n#EXTINF:9,\ncrypto:{path}\n",
    "data.m3u8": "#EXTM3U\n#EXTINF:9,\ndata:text/plain;base64,AAAA\n",
    "late.m3u8": " \n\n#EXTM3U\n#EXTINF:9,\n{path}\n",
    "plain.ffconcat": "ffconcat version 1.0\nfile {path}\n",
    "quoted.ffconcat": "ffconcat version 1.0\nfile '{path}'\nduration 5\n",
    "address.ffconcat": "ffconcat version 1.0\nfile {url}\n",
    "bare.concat": "file {path}\nfile {path}\n",
    "live.mpd": '<?xml version="1.0"?><MPD type="dynamic"><BaseURL>{url}</BaseURL></MPD>',
    "static.mpd": "<MPD><Period><AdaptationSet><Representation><BaseURL>{path}</BaseURL></Representation>"
    "</AdaptationSet></Period></MPD>",
    "entity.mpd": '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file://{path}">]><MPD>&x;</MPD>',
    "image.svg": '<svg xmlns="http://www.w3.org/2000/svg"><image href="file://{path}"/></svg>',
    "xlink.svg": '<svg xmlns:xlink="http://www.w3.org/1999/xlink"><image xlink:href="{url}"/></svg>',
    "entity.svg": '<!DOCTYPE svg [<!ENTITY x SYSTEM "file://{path}">]><svg><text>&x;</text></svg>',
    "style.svg": "<svg><style>@import url({url});</style></svg>",
    "use.svg": '<svg><use href="{path}#a"/></svg>',
    "script.svg": '<svg><script href="{url}"/></svg>',
    "run.eps": "%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n({path}) run\n",
    "file.eps": "%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n({path}) (r) file 99 string readstring\n",
    "pipe.eps": "%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(%pipe%cat {path}) (r) file\n",
    "image.ps": "%!PS\n({path}) (r) file dup 9 9 8 [9 0 0 9 0 0] 3 -1 roll image\n",
    "include.mvg": "push graphic-context\nimage over 0,0 0,0 '{path}'\npop graphic-context\n",
    "address.mvg": "push graphic-context\nfill 'url({url})'\npop graphic-context\n",
    "label.msl": '<?xml version="1.0"?><image><read filename="{path}"/></image>',
    "list.pls": "[playlist]\nFile1={url}\nNumberOfEntries=1\n",
    "list.xspf": "<playlist><trackList><track><location>file://{path}</location></track></trackList></playlist>",
    "list.asx": '<asx version="3.0"><entry><ref href="{url}"/></entry></asx>',
    "list.smil": '<smil><body><video src="{path}"/></body></smil>',
    "camera.sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n",
    "list.ram": "rtsp://127.0.0.1/x\n{url}\n",
    "stream.ism": '<smil><body><switch><video src="{path}"/></switch></body></smil>',
    "script.avs": 'AviSource("{path}")\n',
    "script.vpy": "import vapoursynth\nvapoursynth.core.ffms2.Source('{path}')\n",
    "shortcut.url": "[InternetShortcut]\nURL={url}\n",
    "entry.desktop": "[Desktop Entry]\nType=Link\nURL={url}\n",
    "page.html": '<html><img src="file://{path}"><img src="{url}"></html>',
    "sheet.xml": '<?xml version="1.0"?><?xml-stylesheet href="{url}"?><a/>',
    "header.xpm": '/* XPM */\nstatic char *x[] = {{"1 1 1 1", "a c #{path}", "a"}};\n',
    "names.sub": "{{1}}{{2}}{path}\n",
    "list.vobsub": "# VobSub index file, v7\nid: en, index: 0\n{path}\n",
    "header.nrrd": "NRRD0004\ntype: uint8\ndimension: 2\nsizes: 1 1\nencoding: raw\ndata file: {path}\n",
    "header.vrt": '<VRTDataset rasterXSize="1" rasterYSize="1"><VRTRasterBand><SimpleSource><SourceFilename>{path}'
    "</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>",
}


def naming_files(path: str, url: str) -> dict[str, bytes]:
    """Give each file by its name, made for this planted file and this address."""
    made = {name: text.format(path=path, url=url).encode() for name, text in TEXTS.items()}
    return made | dict(_containers(path, url)) | dict(_pictures(path, url)) | dict(_archives(path))


def _box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def _containers(path: str, url: str) -> Iterator[tuple[str, bytes]]:
    """QuickTime films whose samples lie elsewhere (ISO/IEC 14496-12, 8.7.2), and what else a box can point to."""
    ftyp = _box(b"ftyp", b"qt  ", bytes(4), b"qt  ")
    alias = struct.pack(">IHH", 0, 0, 2) + path.encode()
    for name, entry in {
        "url.mov": _box(b"url ", bytes(4), url.encode(), b"\0"),
        "file.mov": _box(b"url ", bytes(4), b"file://", path.encode(), b"\0"),
        "urn.mov": _box(b"urn ", bytes(4), b"urn:x\0", path.encode(), b"\0"),
        "alias.mov": _box(b"alis", bytes(4), alias),
        "resource.mov": _box(b"rsrc", bytes(4), alias),
    }.items():
        dinf = _box(b"dinf", _box(b"dref", struct.pack(">II", 0, 1), entry))
        minf = _box(b"minf", _box(b"vmhd", bytes(12)), dinf, _box(b"stbl", _box(b"stsd", bytes(8))))
        mdia = _box(b"mdia", _box(b"mdhd", bytes(24)), _box(b"hdlr", bytes(4), b"mhlrvide", bytes(13)), minf)
        yield name, ftyp + _box(b"moov", _box(b"mvhd", bytes(100)), _box(b"trak", _box(b"tkhd", bytes(84)), mdia))
    yield (
        "redirect.mov",
        ftyp
        + _box(
            b"moov",
            _box(b"rmra", _box(b"rmda", _box(b"rdrf", bytes(4), b"url ", struct.pack(">I", len(url)), url.encode()))),
        ),
    )
    item = _box(b"dinf", _box(b"dref", struct.pack(">II", 0, 1), _box(b"url ", bytes(4), url.encode(), b"\0")))
    yield "item.heic", _box(b"ftyp", b"heic", bytes(4), b"mif1heic") + _box(b"meta", bytes(4), item)
    yield "item.avif", _box(b"ftyp", b"avif", bytes(4), b"mif1avif") + _box(b"meta", bytes(4), item)


def _pictures(path: str, url: str) -> Iterator[tuple[str, bytes]]:
    """Pictures that are whole, and name a resource on the side: they decode, and nothing is opened."""
    image = Image.new("RGB", (16, 16), (9, 90, 190))
    told = PngImagePlugin.PngInfo()
    told.add_itxt("XML:com.adobe.xmp", f"<x:xmpmeta><a rdf:resource='{url}'/><b>file://{path}</b></x:xmpmeta>")
    exif = Image.Exif()
    exif[0x010D], exif[0x8769] = path, {0xA004: path}
    sides: dict[str, dict[str, object]] = {
        "xmp.png": {"pnginfo": told},
        "names.jpg": {"exif": exif, "comment": url.encode()},
        "names.tif": {"tiffinfo": {269: path, 270: url}},
        "names.gif": {"comment": f"file://{path}".encode()},
    }
    for name, options in sides.items():
        stream = io.BytesIO()
        image.save(stream, {"jpg": "JPEG", "tif": "TIFF"}.get(name[-3:], name[-3:].upper()), **options)
        yield name, stream.getvalue()


def _archives(path: str) -> Iterator[tuple[str, bytes]]:
    """Archives whose members lie outside."""
    for name, member in {"up.zip": "../../../.." + path, "absolute.zip": path, "back.zip": "..\\..\\x.png"}.items():
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr(member, b"x")
        yield name, stream.getvalue()
    for name, kind in {"link.tar": tarfile.SYMTYPE, "hard.tar": tarfile.LNKTYPE}.items():
        stream = io.BytesIO()
        with tarfile.open(fileobj=stream, mode="w") as tar:
            link = tarfile.TarInfo("still.png")
            link.type, link.linkname = kind, path
            tar.addfile(link)
        yield name, stream.getvalue()
