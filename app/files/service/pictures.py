"""Makes pictures anew from their pixels: what is kept holds nothing that a person or a program has put beside them."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import tzinfo
from io import BytesIO
from threading import BoundedSemaphore
from typing import Any

from PIL import Image, ImageCms

from app.errors import InvalidError
from app.files.rules import MOST_PIXELS, PREVIEW, THUMBNAIL, Facts, Frame, Kind, Small, frame_of
from app.files.rules.frames import check_size
from app.files.rules.kinds import JPEG_QUALITY, WEBP_QUALITY
from app.files.service.heif import open_heic
from app.files.service.metadata import TURNS, UNREADABLE, UPRIGHT, read_facts

AT_ONCE = BoundedSemaphore(2)
"""Pictures that are decoded at once."""

LARGE = BoundedSemaphore(1)
LARGE_PIXELS = 24_000_000
"""Of those that have more there is only one at a time: the largest one that is taken needs up to 1.5 GB."""

TOO_BIG = (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError)
BROKEN = (*UNREADABLE, EOFError, RuntimeError, zlib.error)
SRGB = ImageCms.createProfile("sRGB")
TO_EIGHT_BITS = [value >> 8 for value in range(1 << 16)]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture made anew, with its small copies (JPEG) and what the old one said of itself."""

    kind: Kind
    content: bytes
    width: int
    height: int
    facts: Facts
    small: dict[Small, bytes]


def remake(kind: Kind, data: bytes, zone: tzinfo) -> Picture:
    """A picture made anew from the pixels of another.

    Parameters
    ----------
    zone
        Zone of times that name none.

    Raises
    ------
    InvalidError
        `file_broken`, `file_hostile`, `image_too_big`.
    """
    frame = frame_of(kind, data)
    with AT_ONCE, LARGE if frame.width * frame.height > LARGE_PIXELS else nullcontext(), _as_ours(frame):
        image = _opened(kind, data)
        check_size(*image.size)
        facts, orientation = read_facts(image, zone)
        icc = image.info.get("icc_profile")
        if kind in {Kind.PNG, Kind.WEBP} and getattr(image, "is_animated", False):
            facts = replace(facts, notes=(*facts.notes, "first_frame_kept"))
        image.load()
        check_size(*image.size)  # of HEIC it may have changed
        pixels, true = _in_srgb(_plain(image), icc)
        del image
        if not true:
            facts = replace(facts, notes=(*facts.notes, "colours_unreadable"))
        if kind is not Kind.HEIC and orientation != UPRIGHT:  # libheif has turned it already
            pixels = pixels.transpose(TURNS[orientation])
        return _kept(kind, frame, pixels, facts)


def small_copies(content: bytes) -> dict[Small, bytes]:
    """The small copies of a picture that was made anew, should they have been lost.

    Raises
    ------
    InvalidError
        `file_broken`: it is not what was kept.
    """
    with AT_ONCE, _as_ours(None):
        image: Image.Image = Image.open(BytesIO(content), formats=["JPEG", "PNG", "WEBP"])
        image.load()
        return _copies(_plain(image))


@contextmanager
def _as_ours(frame: Frame | None) -> Iterator[None]:
    try:
        yield
    except TOO_BIG as error:
        facts = {"width": frame.width, "height": frame.height} if frame else {"width": 0, "height": 0}
        raise InvalidError("image_too_big", **facts, most=MOST_PIXELS // 1_000_000) from error
    except BROKEN as error:
        raise InvalidError("file_broken", reason=error.__class__.__name__) from error


def _opened(kind: Kind, data: bytes) -> Image.Image:
    """The picture by the one decoder of its kind, whatever else its bytes may look like."""
    if kind is Kind.HEIC:
        return open_heic(data)
    return Image.open(BytesIO(data), formats=[kind.value.upper()])


def _plain(image: Image.Image) -> Image.Image:
    """The first frame as L, RGB, RGBA or CMYK, eight bits each."""
    if image.mode in {"I;16", "I;16B", "I;16L"}:
        return image.convert("I").point(TO_EIGHT_BITS, "L")
    if "transparency" in image.info or image.mode in {"LA", "PA", "La", "RGBa"}:
        return image.convert("RGBA")
    if image.mode in {"1", "I", "F"}:
        return image.convert("L")
    return image if image.mode in {"L", "RGB", "RGBA", "CMYK"} else image.convert("RGB")


def _in_srgb(image: Image.Image, icc: Any) -> tuple[Image.Image, bool]:
    """A picture in the colours of sRGB, and whether its own profile could be read, if it has one."""
    true = True
    if icc:
        try:
            profile = ImageCms.ImageCmsProfile(BytesIO(icc))
            mode = "RGBA" if image.mode == "RGBA" else "RGB"
            return ImageCms.profileToProfile(image, profile, SRGB, outputMode=mode), True  # type: ignore[return-value]
        except (ImageCms.PyCMSError, *UNREADABLE):
            true = False
    return image.convert("RGB") if image.mode == "CMYK" else image, true


def _kept(kind: Kind, frame: Frame, pixels: Image.Image, facts: Facts) -> Picture:
    pixels.info = {}  # Pillow would write comments, profiles and transparency from here
    kept = Kind.JPEG if kind is Kind.HEIC else kind
    options: dict[str, Any]
    if kept is Kind.JPEG:
        options = {"quality": JPEG_QUALITY, "subsampling": "4:2:0"}
        pixels = _opaque(pixels)
    elif kept is Kind.PNG:
        options = {"compress_level": 4}
    else:
        options = {"lossless": True, "quality": 30} if frame.lossless else {"quality": WEBP_QUALITY}
        options |= {"method": 2, "exact": frame.lossless}
    return Picture(kept, _written(pixels, kept.value, **options), *pixels.size, facts, _copies(pixels))


def _copies(pixels: Image.Image) -> dict[Small, bytes]:
    preview = _smaller(_opaque(pixels), PREVIEW)
    thumbnail = _smaller(preview, THUMBNAIL)
    return {
        small: _written(image, "jpeg", quality=small.quality, subsampling="4:2:0")
        for small, image in ((PREVIEW, preview), (THUMBNAIL, thumbnail))
    }


def _smaller(image: Image.Image, small: Small) -> Image.Image:
    """A picture whose longest side is at most that of the small copy; never a larger one."""
    scale = small.side_px / max(image.size)
    if scale >= 1:
        return image
    width, height = (max(1, round(side * scale)) for side in image.size)
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _opaque(image: Image.Image) -> Image.Image:
    """A picture on white where it lets something through."""
    if image.mode != "RGBA":
        return image
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white


def _written(image: Image.Image, name: str, **options: Any) -> bytes:
    image.info = {}
    file = BytesIO()
    image.save(file, name, **options)
    return file.getvalue()
