"""What a HEIC picture does to its decoder is the death of a child process and no more."""

from __future__ import annotations

import random
import time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.errors import InvalidError
from app.files.rules import Kind
from app.files.service import heif
from app.files.service.pictures import remake
from tests.app.files import samples

KUNMING = ZoneInfo("Asia/Shanghai")


def refused(data: bytes = samples.HEIC) -> str:
    with pytest.raises(InvalidError) as error:
        remake(Kind.HEIC, data, KUNMING)
    return error.value.code


@pytest.fixture
def child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "child.py"
    monkeypatch.setattr(heif, "CHILD", path)
    monkeypatch.setattr(heif, "PATIENCE_S", 2.0)
    return path


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "file_broken"),
        ("import sys; sys.stdin.buffer.read(); sys.exit(1)", "file_broken"),
        ("print('RGB 2 2 12 0 0'); print('short')", "file_broken"),
        ("print('RGB 2 2 12 0 0'); print('x' * 10**7)", "file_broken"),
        ("print('x' * 10**7)", "file_broken"),
        ("print('CMYK 2 2 16 0 0'); print('x' * 15)", "file_broken"),
        ("print('RGB 2 2 -12 0 0')", "file_broken"),
        ("print('RGB 2 2 12 0 999999999999')", "file_broken"),
        ("print('RGB 60000 60000 10800000000 0 0')", "image_too_big"),
        ("import sys; sys.stdout.write('L 1 1 1 0 0\\nx'); sys.stdout.flush(); sys.exit(3)", "file_broken"),
    ],
)
def test_whatever_the_child_does(child: Path, code: str, expected: str) -> None:
    child.write_text(code)
    assert refused() == expected


def test_a_child_that_does_not_end(child: Path) -> None:
    child.write_text("import time; time.sleep(60)")
    began = time.monotonic()
    assert refused() == "file_broken"
    assert time.monotonic() - began < 10


def test_a_child_knows_nothing_of_ours(child: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANLONG_SECRET_KEY", "secret")
    seen = child.with_name("seen")
    child.write_text(f"import os; open({str(seen)!r}, 'w').write(repr(dict(os.environ)))")
    assert refused() == "file_broken"
    assert "secret" not in seen.read_text()


def test_a_file_that_is_long_and_wrong() -> None:
    noise = random.Random(3).randbytes(5_000_000)
    assert refused(samples.HEIC + samples.box(b"free", noise)[:-1]) == "file_broken"
    assert remake(Kind.HEIC, samples.HEIC + samples.box(b"free", noise), KUNMING).width == 48
