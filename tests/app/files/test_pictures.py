"""Pictures are made anew from their pixels: what they said is read, and nothing of it is left."""

from __future__ import annotations

import random
import struct
import zlib
from datetime import UTC, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from app.errors import InvalidError
from app.files.rules import PREVIEW, THUMBNAIL, Kind
from app.files.service.pictures import Picture, remake, small_copies
from tests.app.files import samples

KUNMING = ZoneInfo("Asia/Shanghai")
AS_IN_SERVICE = pytest.mark.filterwarnings("ignore::UserWarning")
"""Pillow only warns of metadata that it leaves out; nobody turns that into an error there."""


def made(kind: Kind, data: bytes) -> Picture:
    return remake(kind, data, KUNMING)


def shown(content: bytes) -> Image.Image:
    image: Image.Image = Image.open(BytesIO(content))
    image.load()
    return image


def refused(kind: Kind, data: bytes) -> str:
    with pytest.raises(InvalidError) as error:
        made(kind, data)
    return error.value.code


def alike(one: object, other: tuple[int, ...]) -> bool:
    assert isinstance(one, tuple)
    return all(abs(a - b) < 12 for a, b in zip(one, other, strict=True))


def of_each(turn: int = 1) -> dict[Kind, bytes]:
    image, said = samples.drawn(), samples.exif(turn=turn)
    more = PngInfo()
    more.add_text("Comment", samples.CAMERA.decode())
    more.add_itxt("XML:com.adobe.xmp", samples.MODEL.decode())
    return {
        Kind.JPEG: samples.jpeg(exif=said, xmp=samples.MODEL),
        Kind.PNG: samples.written(image, "png", exif=said, pnginfo=more),
        Kind.WEBP: samples.written(image, "webp", exif=said, xmp=samples.MODEL, lossless=True),
        Kind.HEIC: samples.HEIC,
    }


@pytest.mark.parametrize("kind", [Kind.JPEG, Kind.PNG, Kind.WEBP, Kind.HEIC])
def test_read_and_then_nothing_left(kind: Kind) -> None:
    data = of_each()[kind]
    assert samples.CAMERA in data
    picture = made(kind, data)
    position = picture.facts.position
    assert position is not None
    assert (round(position.lon, 6), round(position.lat, 6)) == samples.PLACE
    assert (position.altitude_m, position.dop) == (1895.5, 1.8)
    assert picture.facts.taken_at == datetime(2026, 3, 3, 21, 6, 7, tzinfo=UTC)
    assert not picture.facts.taken_at_assumed
    for content in (picture.content, *picture.small.values()):
        for said in (
            samples.CAMERA,
            samples.MODEL,
            b"2026:03:04",
            b"Exif",
            b"eXIf",
            b"EXIF",
            b"XMP",
            b"ICC",
            b"tEXt",
        ):
            assert said not in content
        assert not shown(content).getexif()
    assert made(kind, data) == picture, "the same bytes every time"


@pytest.mark.parametrize("kind", [Kind.JPEG, Kind.PNG, Kind.WEBP])
@pytest.mark.parametrize(
    ("turn", "blue_at"), [(1, (5, 24)), (3, (58, 24)), (6, (24, 5)), (8, (24, 58)), (2, (58, 24))]
)
def test_brought_upright(kind: Kind, turn: int, blue_at: tuple[int, int]) -> None:
    picture = made(kind, of_each(turn)[kind])
    assert (picture.width, picture.height) == ((64, 48) if turn < 5 else (48, 64))
    for content in (picture.content, *picture.small.values()):
        image = shown(content).convert("RGB")
        assert alike(image.getpixel(blue_at), samples.BLUE)
        assert alike(
            image.getpixel((image.width - 1 - blue_at[0], image.height - 1 - blue_at[1])), samples.RED
        )


def test_heic_is_turned_once() -> None:
    picture = made(Kind.HEIC, samples.HEIC)
    assert (picture.kind, picture.width, picture.height) == (Kind.JPEG, 48, 64)
    assert alike(shown(picture.content).getpixel((24, 5)), samples.BLUE)


def test_lossless_stays_lossless() -> None:
    noise = Image.effect_noise((40, 30), 90).convert("RGB")
    for kind, options in ((Kind.PNG, {}), (Kind.WEBP, {"lossless": True})):
        picture = made(kind, samples.written(noise, kind.value, **options))
        assert picture.kind is kind
        assert shown(picture.content).tobytes() == noise.tobytes()
    clear = samples.drawn(mode="RGBA")
    clear.putpixel((0, 0), (1, 2, 3, 0))
    for kind, options in ((Kind.PNG, {}), (Kind.WEBP, {"lossless": True, "exact": True})):
        picture = made(kind, samples.written(clear, kind.value, **options))
        assert shown(picture.content).tobytes() == clear.tobytes()
        assert alike(shown(picture.small[THUMBNAIL]).getpixel((60, 40)), samples.RED)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_modes_of_png(mode: str) -> None:
    image = samples.drawn(mode="L") if mode == "I;16" else samples.drawn(mode=mode)
    if mode == "I;16":
        image = Image.frombytes(
            "I;16", image.size, b"".join(bytes((0x55, value)) for value in image.tobytes())
        )
    picture = made(Kind.PNG, samples.written(image, "png"))
    assert (picture.width, picture.height) == (64, 48)
    grey = samples.drawn(mode="L").getpixel((50, 20))
    if mode in {"L", "I;16"}:
        assert shown(picture.content).getpixel((50, 20)) == grey


def test_colours_become_those_of_srgb() -> None:
    swapped = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = struct.unpack(">I", swapped[128:132])[0]
    tags = {bytes(swapped[n : n + 4]): n for n in range(132, 132 + 12 * count, 12)}
    red, green = tags[b"rXYZ"], tags[b"gXYZ"]
    swapped[red : red + 4], swapped[green : green + 4] = b"gXYZ", b"rXYZ"
    picture = made(
        Kind.PNG, samples.written(Image.new("RGB", (8, 8), (255, 0, 0)), "png", icc_profile=bytes(swapped))
    )
    assert alike(shown(picture.content).getpixel((4, 4)), (0, 255, 0))
    assert picture.facts.notes == ()
    picture = made(Kind.PNG, samples.written(samples.drawn(), "png", icc_profile=b"no profile"))
    assert picture.facts.notes == ("colours_unreadable",)
    assert b"iCCP" not in picture.content


def test_cmyk() -> None:
    picture = made(Kind.JPEG, samples.written(samples.drawn(mode="CMYK"), "jpeg"))
    assert shown(picture.content).mode == "RGB"


def test_small_copies() -> None:
    picture = made(Kind.PNG, samples.written(samples.drawn((4000, 1000)), "png"))
    assert shown(picture.small[PREVIEW]).size == (1600, 400)
    assert shown(picture.small[THUMBNAIL]).size == (320, 80)
    assert small_copies(picture.content) == picture.small
    assert shown(made(Kind.PNG, samples.written(samples.drawn((30000, 2)), "png")).small[THUMBNAIL]).size == (
        320,
        1,
    )
    assert shown(made(Kind.JPEG, samples.jpeg()).small[PREVIEW]).size == (64, 48)


def test_the_first_frame() -> None:
    file = BytesIO()
    samples.drawn().save(file, "png", save_all=True, append_images=[Image.new("RGB", (64, 48))])
    picture = made(Kind.PNG, file.getvalue())
    assert picture.facts.notes == ("first_frame_kept",)
    assert shown(picture.content).getpixel((5, 5)) == samples.BLUE


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def bomb(width: int, height: int) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(10**6))) + chunk(b"IEND", b"")


def test_bombs() -> None:
    assert refused(Kind.PNG, bomb(8001, 8001)) == "image_too_big"
    assert refused(Kind.PNG, bomb(60000, 60000)) == "image_too_big"
    assert refused(Kind.PNG, bomb(30001, 1)) == "image_too_big"
    assert refused(Kind.PNG, bomb(0, 9)) == "file_broken"
    jpeg = samples.jpeg()
    at = jpeg.index(b"\xff\xc0") + 5
    assert refused(Kind.JPEG, jpeg[:at] + b"\xff\xff\xff\xff" + jpeg[at + 4 :]) == "image_too_big"
    webp = bytearray(samples.written(samples.drawn(), "webp", exif=samples.exif()))
    webp[24:30] = b"\xff\x3f\0\xff\x3f\0"
    assert refused(Kind.WEBP, bytes(webp)) == "image_too_big"
    at = samples.HEIC.index(b"ispe") + 8
    assert (
        refused(Kind.HEIC, samples.HEIC[:at] + samples.numbers(60000, 60000) + samples.HEIC[at + 8 :])
        == "image_too_big"
    )
    text = chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(200_000_000)))
    png = bomb(10, 10)
    assert refused(Kind.PNG, png[:33] + text + png[33:]) == "file_broken"


def test_too_many_scans() -> None:
    jpeg = samples.written(samples.drawn(), "jpeg", progressive=True)
    at = jpeg.rindex(b"\xff\xda")
    assert refused(Kind.JPEG, jpeg[:at] + jpeg[at:-2] * 50 + jpeg[-2:]) == "file_hostile"


@pytest.mark.parametrize("kind", [Kind.JPEG, Kind.PNG, Kind.WEBP, Kind.HEIC])
def test_truncated(kind: Kind) -> None:
    data = of_each()[kind]
    for end in range(16, len(data), 7):
        assert refused(kind, data[:end]) == "file_broken", end


@pytest.mark.parametrize("kind", [Kind.JPEG, Kind.PNG, Kind.WEBP, Kind.HEIC])
@pytest.mark.parametrize(
    "behind",
    [
        b"PK\x03\x04\x14\0\0\0\x08\0evil.class",
        b"\0\0something PK\x05\x06" + bytes(18),
        b"<html><script>alert(1)</script>",
        b"\r\n<SVG onload=x>",
        b"*/=1;alert(document.cookie)//",
        b"%PDF-1.7",
        b"<?php system($_GET[0]);",
        b"MZ\x90\0\x03",
    ],
)
def test_two_files_in_one(kind: Kind, behind: bytes) -> None:
    assert refused(kind, of_each()[kind] + behind) == "file_hostile"


def test_what_telephones_put_behind_a_picture() -> None:
    alone = made(Kind.JPEG, samples.jpeg())
    for behind in (
        bytes(100),
        samples.film(),
        samples.jpeg(),
        b'vivo{"portrait":1}',
        random.Random(7).randbytes(10**5),
    ):
        assert made(Kind.JPEG, samples.jpeg() + behind) == alone


def test_a_script_inside_dies() -> None:
    evil = b"<script>alert(1)</script>/*"
    picture = made(Kind.JPEG, samples.jpeg(comment=evil))
    assert b"script" not in picture.content
    png = samples.written(samples.drawn(), "png")
    picture = made(Kind.PNG, png[:33] + chunk(b"teXt", evil) + png[33:])
    assert b"script" not in picture.content


@AS_IN_SERVICE
def test_metadata_that_cannot_be_read() -> None:
    picture = made(Kind.JPEG, samples.jpeg(exif=b"Exif\0\0MM\0*\xff\xff\xff\xff" + bytes(40)))
    assert picture.facts.position is None


@AS_IN_SERVICE
def test_any_bytes() -> None:
    """500 pictures with bytes changed, cut or doubled: a picture or an error of ours."""
    draw = random.Random(530103)
    originals = list(of_each().items())
    kept = 0
    for n in range(500):
        kind, data = originals[n % 4]
        changed = bytearray(data)
        for _ in range(draw.randint(1, 8)):
            at = draw.randrange(len(changed))
            what = draw.random()
            if what < 0.8:
                changed[at] = draw.choice((0, 0x7F, 0xFF, draw.randrange(256)))
            elif what < 0.9:
                del changed[at : at + draw.randint(1, 40)]
            else:
                changed[at:at] = changed[at : at + draw.randint(1, 40)]
        try:
            made(kind, bytes(changed))
        except InvalidError as error:
            assert error.code in {"file_broken", "file_hostile", "image_too_big"}
        else:
            kept += 1
    assert 20 < kept < 480
