"""Hostile files, of kinds that `bad_files.py` does not have: each with the expected code.

`test_attacks.py` uploads them to a running server, each with a time limit.
"""

import gzip
import io
import json
import math
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import Any

from bad_files import READ, Bad, Bads, picture, png, png_chunk
from test_bad_input import GOOD, NODES, RING, drawn, imdf, level, native, osm, space, tags, text

# Archives


def entry(name: bytes, content: bytes, *, extra: bytes = b"", **lies: int) -> tuple[bytes, bytes]:
    """Local part and line of the directory of one stored entry; `lies` change their values."""
    say = {"flags": 0, "method": 0, "crc": zlib.crc32(content), "size": len(content)}
    say |= {"packed": len(content), "attributes": 0} | lies
    both = struct.pack(
        "<HHHHIII", say["flags"], say["method"], 0, 33, say["crc"], say["packed"], say["size"]
    )
    local = b"PK\3\4" + struct.pack("<H", 45) + both + struct.pack("<HH", len(name), len(extra))
    line = b"PK\1\2" + struct.pack("<HH", 45, 45) + both
    line += struct.pack("<HHHHHI", len(name), len(extra), 0, 0, 0, say["attributes"])
    return local + name + extra + content, line


def archive(
    *entries: tuple[bytes, bytes, bytes, bytes], at: Mapping[int, int] | None = None
) -> bytes:
    """Of entries (local part, line, name, extra); `at` says where a line claims its entry is."""
    body, lines = b"", b""
    for number, (local, line, name, extra) in enumerate(entries):
        offset = (at or {}).get(number, len(body))
        lines += line + struct.pack("<I", offset) + name + extra
        body += local
    count = len(entries)
    end = struct.pack("<HHHHIIH", 0, 0, count, count, len(lines), len(body), 0)
    return body + lines + b"PK\5\6" + end


def one(
    name: str, content: bytes, *, extra: bytes = b"", **lies: int
) -> tuple[bytes, bytes, bytes, bytes]:
    local, line = entry(name.encode(), content, extra=extra, **lies)
    return local, line, name.encode(), extra


def deflated(name: str, content: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(content) + packer.flush()
    return one(
        name, packed, method=8, crc=zlib.crc32(content), size=len(content), packed=len(packed)
    )


def overlapping() -> bytes:
    """Sixty lines of the directory that all lead to one entry: each is unpacked again."""
    local, line, _, extra = deflated("a.geojson", b"[" + b" " * 990_000 + b"]")
    body, lines = local, b""
    for number in range(60):
        other = b"%02d.geojso" % number
        lines += line + struct.pack("<I", 0) + other + extra
    end = struct.pack("<HHHHIIH", 0, 0, 60, 60, len(lines), len(body), 0)
    return body + lines + b"PK\5\6" + end


def zip64(size: int) -> bytes:
    return struct.pack("<HHQQ", 1, 16, size, size)


def renamed(extra_name: bytes) -> bytes:
    """An extra field that gives the entry another name, in UTF-8."""
    return (
        struct.pack("<HHBI", 0x7075, 5 + len(extra_name), 1, zlib.crc32(b"a.geojson")) + extra_name
    )


def archives_that_lie() -> Bads:
    """Sizes, names and places in a directory that are not those of the entries."""
    good = text(native(*GOOD)).encode()
    mismatched = one("b.geojson", good)
    return {
        "sixty entries in one place": Bad("a.zip", overlapping(), "zip-broken"),
        "zip64 that says a billion gigabytes": Bad(
            "a.zip",
            archive(one("a.geojson", good, extra=zip64(2**60), size=2**32 - 1, packed=2**32 - 1)),
            "zip-too-large",
        ),
        "zip64 that says less than is there": Bad(
            "a.zip",
            archive(one("a.geojson", good, extra=zip64(3), size=2**32 - 1, packed=2**32 - 1)),
            "zip-broken",
        ),
        "zip64 cut off": Bad(
            "a.zip",
            archive(one("a.geojson", good, extra=b"\1\0\x10\0\1\2", size=2**32 - 1)),
            "zip-broken",
        ),
        "another name before the content than in the directory": Bad(
            "a.zip",
            archive((mismatched[0], mismatched[1], b"a.geojson", b"")),
            "zip-broken",
        ),
        "another name in an extra field": Bad(
            "a.zip", archive(one("a.geojson", good, extra=renamed(b"../../etc/passwd"))), READ
        ),
        "an entry that lies in the directory": Bad(
            "a.zip", archive(one("a.geojson", good), at={0: 900}), "zip-broken"
        ),
        "an entry before the beginning": Bad(
            "a.zip", archive(one("a.geojson", good), at={0: 2**32 - 2}), "zip-broken"
        ),
        "one entry within another": Bad(
            "a.zip",
            archive(
                one("b.geojson", one("a.geojson", good)[0]), one("a.geojson", good), at={1: 39}
            ),
            "format-passed-over",
        ),
    }


def archives_of_odd_entries() -> Bads:
    good = text(native(*GOOD)).encode()
    return {
        "encrypted, every entry": Bad(
            "a.zip",
            archive(one("a.geojson", good, flags=1), one("b.geojson", good, flags=1)),
            "zip-not-readable",
        ),
        "a directory that is encrypted": Bad(
            "a.zip", archive(one("a.geojson", good, flags=0x2041)), "zip-not-readable"
        ),
        "a stream beside a file": Bad(
            "a.zip", archive(one("a.geojson:evil", good)), "no-drawing-inside"
        ),
        "a name of a device with a suffix": Bad("a.zip", archive(one("CON.geojson", good)), READ),
        "a folder of a device": Bad("a.zip", archive(one("NUL/a.geojson", good)), READ),
        "points and blanks behind a name": Bad(
            "a.zip", archive(one("a.geojson. . ", good)), "no-drawing-inside"
        ),
        "gzip in gzip in gzip": Bad(
            "a.geojson",
            gzip.compress(gzip.compress(gzip.compress(good, mtime=0), mtime=0), mtime=0),
            "format-archive",
        ),
        "a bomb by gzip": Bad(
            "a.osm.pbf", gzip.compress(bytes(50 * 2**20), 9, mtime=0), "format-archive"
        ),
        "a megabyte of nothing before a zip": Bad(
            "a.zip", bytes(2**20) + archive(one("a.geojson", good)), READ
        ),
    }


# Encodings


def encodings() -> Bads:
    good = text(native(*GOOD))
    xml = osm("")
    return {
        "utf-7": Bad("a.geojson", good.encode("utf-7").replace(b"{", b"+AHs-"), "json-broken"),
        "utf-7 that says so": Bad(
            "a.osm", xml.replace("?>", ' encoding="utf-7"?>', 1).encode("utf-7"), "xml-broken"
        ),
        "two marks of byte order": Bad(
            "a.geojson", b"\xef\xbb\xbf\xef\xbb\xbf" + good.encode(), "json-broken"
        ),
        "a mark of byte order in the middle": Bad(
            "a.geojson", good.replace('"features"', '\ufeff"features"'), "json-broken"
        ),
        "utf-16 by its mark, with a drawing in utf-8 behind": Bad(
            "a.geojson", b"\xff\xfe" + good.encode(), "file-not-utf8"
        ),
        "utf-16 of osm without a mark": Bad("a.osm", xml.encode("utf-16-be"), READ),
        "ebcdic": Bad("a.osm", xml.encode("cp037"), "xml-broken"),
        "an encoding that runs code": Bad(
            "a.osm", xml.replace("?>", ' encoding="unicode_escape"?>', 1), READ
        ),
        "an encoding of another kind": Bad(
            "a.osm", xml.replace("?>", ' encoding="zlib_codec"?>', 1), "xml-broken"
        ),
    }


# XML


def xml_files() -> Bads:
    good = osm("")

    def headed(inside: str) -> Bad:
        return Bad(
            "a.osm", good.replace("<osm", f"<!DOCTYPE osm [{inside}]><osm", 1), "xml-doctype"
        )

    spaces = "".join(f' xmlns:n{i}="http://a/{i}"' for i in range(20_000))
    return {
        "parameter entities that double": headed(
            "<!ENTITY % a 'x'>" + "".join(f"<!ENTITY % a{i} '%a;%a;'>" for i in range(40)) + "%a39;"
        ),
        "a declaration from the network by a parameter": headed(
            "<!ENTITY % a SYSTEM 'http://127.0.0.1:9/x.dtd'>%a;"
        ),
        "an entity in an attribute that all have": headed(
            "<!ENTITY a '" + "ha" * 5000 + "'><!ATTLIST node note CDATA '&a;&a;&a;&a;&a;&a;'>"
        ),
        "a declaration of its own outside": Bad(
            "a.osm",
            good.replace("<osm", '<!DOCTYPE osm PUBLIC "-//x" "file:///etc/passwd"><osm', 1),
            "xml-doctype",
        ),
        "an inclusion of a folder": Bad(
            "a.osm",
            good.replace(
                "<osm",
                '<osm xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="file:///etc/"'
                ' parse="text"/><x',
                1,
            ).replace("</osm>", "</x></osm>"),
            "nothing-drawn",
        ),
        "a schema from the network": Bad(
            "a.osm",
            good.replace(
                "<osm",
                '<osm xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
                ' xsi:schemaLocation="http://127.0.0.1:9 http://127.0.0.1:9/x.xsd"',
                1,
            ),
            READ,
        ),
        "20,000 namespaces": Bad("a.osm", good.replace("<osm", f"<osm{spaces}", 1), READ),
        "a tag of ten megabytes": Bad("a.osm", osm(f'<tag k="note" v="{"x" * 10**7}"/>'), READ),
        "a marked section of ten megabytes": Bad(
            "a.osm", osm(f"<![CDATA[{'<osm>' * 2 * 10**6}]]>"), READ
        ),
    }


# GeoJSON


def spiral(corners: int) -> list[list[float]]:
    """Inwards and out again beside itself: no edge crosses another, and each is near a hundred."""
    ways = [(i / corners * 200, 40 - 38 * i / corners) for i in range(corners)]
    there = [[50 + r * math.cos(a), 50 + r * math.sin(a)] for a, r in ways]
    back = [[50 + (r - 0.02) * math.cos(a), 50 + (r - 0.02) * math.sin(a)] for a, r in ways]
    ring = there + back[::-1]
    return [*ring, ring[0]]


def touching(corners: int) -> list[list[float]]:
    """A ring that comes back to one of its corners again and again."""
    ring = [[0.0, 0.0]]
    for i in range(corners // 3):
        angle = 2 * math.pi * i / (corners // 3)
        ring += [
            [60 * math.cos(angle), 60 * math.sin(angle)],
            [60 * math.cos(angle + 1e-5), 60 * math.sin(angle + 1e-5)],
            [0.0, 0.0],
        ]
    return ring


def colliding(count: int) -> str:
    """Members whose hashes would be alike, were hashing not seeded."""
    names = (f'"{"Aa" * (i & 15)}{"BB" * (i >> 4 & 15)}{i}": {i}' for i in range(count))
    return "{" + ", ".join(names) + "}"


def with_room(ring: Any, code: str = READ) -> Bad:
    return Bad(
        "a.geojson",
        text(native(*GOOD, drawn("Polygon", [ring], type="space"))),
        code,
    )


def geojson_files() -> Bads:
    def named(name: str, code: str = READ) -> Bad:
        return Bad("a.geojson", text(native(level(), space(name={"en": name}))), code)

    corner = [[[1e308, 1e308], [-1e308, 1e308], [-1e308, -1e308], [1e308, -1e308]]]
    return {
        "corners at 1e308": Bad(
            "a.geojson",
            text(native(*GOOD, drawn("Polygon", corner, type="space"))),
            "coordinate-out-of-bounds",
        ),
        "a whole building at 1e308": Bad(
            "a.geojson",
            text(native(level(), drawn("Polygon", corner, type="space"))),
            "nothing-drawn",
        ),
        "heights of 1e308": with_room([[0, 0, 1e308], [9, 0, -1e308], [9, 9, 0], [0, 0, 1e308]]),
        "ten thousand times the same member": Bad(
            "a.geojson",
            '{"type": "FeatureCollection", "features": [{' + '"id": 1, ' * 10_000 + '"id": 2}]}',
            "json-key-twice",
        ),
        "members that collide": Bad(
            "a.geojson",
            text(native(*GOOD)).replace(
                '"navkit": 1', f'"navkit": 1, "note": {colliding(100_000)}'
            ),
            READ,
        ),
        "corners thirty lists deep": with_room(
            json.loads("[" * 20 + "0" + "]" * 20), "geometry-broken"
        ),
        "names beyond the first plane": named("𝒞𝒯 𠮷𡈽 🏥" * 20),
        "a name with marks that turn it round": named("Ward \u202e\u2066 4A \u2069 nur"),
        "a name of marks upon marks": named("W" + "\u0317\u0343\u035c" * 2_000),
        "names of the prototype": Bad(
            "a.geojson",
            text(
                native(
                    level("__proto__"),
                    space("constructor", name={"en": "__proto__"}, level="__proto__"),
                    space("toString", 20, level="__proto__", hasOwnProperty=1),
                )
            ),
            READ,
        ),
        "a spiral of 100,000 corners": with_room(spiral(50_000)),
        "a ring that touches itself 33,000 times": with_room(touching(100_000), "outline-tangled"),
        "100,000 rooms of nothing": Bad(
            "a.geojson",
            text(native(*GOOD, drawn("MultiPolygon", [[]] * 100_000, type="space"))),
            "geometry-empty",
        ),
    }


# Two formats in one


def polyglots() -> Bads:
    good = text(native(*GOOD)).encode()
    pdf = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
    packed = archive(one("a.geojson", good))
    return {
        "a pdf with a zip behind, by the name of zip": Bad("a.zip", pdf + packed, READ),
        "a pdf with a zip behind, by the name of geojson": Bad(
            "a.geojson", pdf + packed, "pdf-broken"
        ),
        "a pdf with a geojson behind": Bad("a.geojson", pdf + good, "pdf-broken"),
        "a picture that is a script": Bad(
            "a.json", b"GIF89a/*" + bytes(9) + b"*/=1;alert(1)//", "format-picture"
        ),
        "a page that is a geojson": Bad(
            "a.geojson", b"<!--" + good + b"--><html></html>", "format-web-page"
        ),
    }


# OpenStreetMap


def relations(count: int, last: int) -> str:
    """Relations that each hold the next one; the last holds number `last`."""
    return "".join(
        f'<relation id="{i}"><member type="relation" ref="{i + 1 if i < count else last}"'
        f' role="outer"/>{tags(type="multipolygon", indoor="room", level="0")}</relation>'
        for i in range(1, count + 1)
    )


def osm_files() -> Bads:
    many = "".join(
        f'<node id="{100 + i}" lon="{13 + i % 300 / 10**6}" lat="{52 + i // 300 / 10**6}"/>'
        for i in range(90_000)
    )
    there_and_back = "".join(
        f'<nd ref="{100 + i}"/>' for i in [*range(45_000), *range(45_000)[::-1]]
    )
    return {
        "two relations that hold each other": Bad(
            "a.osm", osm(relations(2, 1)), "outline-not-closed"
        ),
        "a thousand relations in each other": Bad(
            "a.osm", osm(relations(1000, 1000)), "outline-not-closed"
        ),
        "a relation of 100,000 members": Bad(
            "a.osm",
            osm(
                '<relation id="5">'
                + '<member type="way" ref="9" role="outer"/>' * 100_000
                + tags(type="multipolygon", indoor="room", level="0")
                + "</relation>"
            ),
            READ,
        ),
        "a way of 90,000 corners there and back": Bad(
            "a.osm",
            osm(
                f'<way id="8">{there_and_back}{tags(indoor="room", level="0")}</way>',
                nodes=NODES + many,
            ),
            "outline-tangled",
        ),
        "a room on 5,000 storeys by name": Bad(
            "a.osm",
            osm(
                f'<way id="8">{RING}'
                + tags(indoor="room", level=";".join(map(str, range(5000))))
                + "</way>"
            ),
            "too-many-storeys",
        ),
        "a room of 50,000 tags": Bad(
            "a.osm",
            osm(
                f'<way id="8">{RING}'
                + "".join(f'<tag k="k{i}" v="v"/>' for i in range(50_000))
                + tags(indoor="room", level="0")
                + "</way>"
            ),
            READ,
        ),
    }


# What comes beside drawings


def directories() -> Bads:
    def table(content: bytes | str, code: str = READ) -> Bad:
        return Bad("directory.csv", content, code)

    head = "name,rooms\n"
    formulas = ("=1+1", "+1", "-1", "@SUM(A1)", '"=HYPERLINK(""http://a"",""b"")"', "\t=1")
    return {
        "a million columns": table("name,rooms" + "," * 10**6 + "\nCT,1\n"),
        "NULs in the middle of a directory": table(
            head.encode() + b"C\0T,1\n" * 50, "directory-encoding"
        ),
        "formulas in all their forms": table(head + "".join(f"{one},A\n" for one in formulas)),
        "a name of 100,000 letters": table(head + "x" * 100_000 + ",A\n", "text-too-long"),
        "lines that end as a typewriter's": table("name,rooms\rCT,A\rMRI,A\r"),
        "one heading a thousand times": table(",".join(["name", "rooms"] * 1000) + "\nCT,A\n"),
        "names that turn round": table(head + "\u202eTC,A\n", "text-unseen"),
        "60,000 rows for one room": table(head + "CT,A\n" * 60_000, "too-many-rows"),
    }


def photos() -> Bads:
    def photo(content: bytes, code: str = "photo-unreadable") -> Bad:
        return Bad("photo.jpg", content, code)

    def webp(kind: bytes, content: bytes) -> bytes:
        chunk = kind + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)
        return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk

    rows = zlib.compress(bytes((1 + 14_000 // 8) * 14_000), 9)
    jpeg = picture("JPEG")
    frame = jpeg.index(b"\xff\xc0")
    huge = jpeg[: frame + 5] + struct.pack(">HH", 65_500, 65_500) + jpeg[frame + 9 :]
    profile = png_chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(60 * 2**20), 9))
    return {
        "a picture of 196 million white dots": photo(
            png(14_000, 14_000, png_chunk(b"IDAT", rows), depth=1, colours=0)
        ),
        "a picture of 900 million dots": photo(
            png(30_000, 30_000, png_chunk(b"IDAT", rows), depth=1, colours=0)
        ),
        "a photo that says 65,500 by 65,500": photo(huge),
        "a webp that says 16,384 by 16,384": photo(
            webp(b"VP8L", b"\x2f" + struct.pack("<I", 16_383 | 16_383 << 14) + bytes(60))
        ),
        "a webp that moves for ever": photo(webp(b"VP8X", b"\x02\0\0\0" + b"\xff\xff\xff" * 2)),
        "a bomb for a colour profile": photo(
            png(10, 10, profile, png_chunk(b"IDAT", zlib.compress(bytes(31 * 10))))
        ),
        "a photo turned in a way that is none": photo(
            jpeg[:2]
            + b"\xff\xe1\0\x22Exif\0\0MM\0\x2a\0\0\0\x08\0\1\x01\x12\0\3\0\0\0\1\0\x63\0\0\0\0\0\0"
            + jpeg[2:],
            READ,
        ),
    }


def imdf_files() -> Bads:
    with zipfile.ZipFile(io.BytesIO(imdf())) as made:
        files = {name: made.read(name) for name in made.namelist()}

    def packed(changed: Mapping[str, bytes], **lies: int) -> bytes:
        return archive(*(one(name, content, **lies) for name, content in changed.items()))

    unit = files["unit.geojson"]
    return {
        "an imdf of links": Bad("a.zip", packed(files, attributes=0xA1FF << 16), "zip-link"),
        "an imdf with twins in another case": Bad(
            "a.zip", packed({**files, "Unit.GeoJSON": unit}), "zip-name-twice"
        ),
        "an imdf in a folder of a device": Bad(
            "a.zip", packed({f"AUX/{name}": content for name, content in files.items()}), READ
        ),
        "an imdf whose unit stands on itself": Bad(
            "a.zip",
            packed({**files, "unit.geojson": unit.replace(b'"level_id": "l"', b'"level_id": "u"')}),
            "nothing-to-walk-on",
        ),
        "an imdf whose ids are the prototype's": Bad(
            "a.zip",
            packed(
                {
                    name: content.replace(b'"l"', b'"__proto__"').replace(b'"u"', b'"constructor"')
                    for name, content in files.items()
                }
            ),
            READ,
        ),
    }


def names() -> Bads:
    good = text(native(*GOOD))
    taken = {
        "a name upwards": "../../../etc/cron.d/a.geojson",
        "a name upwards, backwards": "..\\..\\windows\\a.geojson",
        "a name upwards, spelt out": "%2e%2e%2f%2e%2e%2fa.geojson",
        "a name on another machine": "//server/share/a.geojson",
        "a name that turns round after upload": "a\u202enosjoeg.geojson",
        "a name for a shell": "$(reboot);`reboot`|a.geojson",
        "a name for a page": "<script>alert(1)</script>.geojson",
        "a name for a database": "'; DROP TABLE sources;--.geojson",
        "a name of a device of windows": "CON.geojson",
        "a name beyond the first plane": "💊𠮷.geojson",
        "a name of points": "....geojson",
    }
    return {
        **{title: Bad(name, good, READ) for title, name in taken.items()},
        # The form's own heading ends where the line does: no file has come.
        "a name of two lines": Bad("a\r\nSet-Cookie: x=1\r\n.geojson", good, "upload-empty"),
        "a name of a program": Bad("a.geojson.exe", good, READ),
    }


CLASSES: Mapping[str, Callable[[], Bads]] = {
    "archives that lie": archives_that_lie,
    "archives of odd entries": archives_of_odd_entries,
    "file names": names,
    "encodings": encodings,
    "xml": xml_files,
    "geojson": geojson_files,
    "polyglots": polyglots,
    "osm": osm_files,
    "imdf": imdf_files,
    "directory": directories,
    "photos": photos,
}
