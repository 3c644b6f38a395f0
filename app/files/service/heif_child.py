"""Decodes one HEIC picture in a process of its own: `python -I heif_child.py < picture > pixels`.

It runs without the platform's environment and imports nothing of it. The answer is one line, `mode width height`, and
the lengths of pixels, metadata and colour profile, and then those three.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from io import BytesIO

MOST_MEMORY = 3 * 1024**3
MOST_CPU_S = 60


def main() -> int:
    """Decode what stands on the standard input; 1 where it is no picture."""
    with suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_S, MOST_CPU_S))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    import pi_heif

    try:
        image = pi_heif.open_heif(BytesIO(sys.stdin.buffer.read()), convert_hdr_to_8bit=True).to_pillow()
        if image.mode not in {"L", "RGB", "RGBA"}:
            image = image.convert("RGBA" if image.mode.endswith(("A", "a")) else "RGB")
    except (OSError, ValueError, SyntaxError, RuntimeError, EOFError, MemoryError):
        return 1
    pixels, exif, icc = image.tobytes(), image.info.get("exif") or b"", image.info.get("icc_profile") or b""
    head = f"{image.mode} {image.width} {image.height} {len(pixels)} {len(exif)} {len(icc)}\n"
    for part in (head.encode(), pixels, exif, icc):
        sys.stdout.buffer.write(part)
    return 0


if __name__ == "__main__":
    sys.exit(main())
