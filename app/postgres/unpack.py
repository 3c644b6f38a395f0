"""Fetches PostGIS from the distribution's own signed packages and unpacks it into a folder of ours.

No root, nothing outside the folder: apt is given a state of its own, in which nothing is installed, and keeps checking
signatures as ever. What is unpacked is what the distribution has that day; `manifest.txt` names every package.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from shutil import which

from app.errors import UnavailableError
from app.settings import plain_environment

Progress = Callable[[str, int, int], None]
"""Called with the name of the step and how far it is, of how many; 0 of 0 where that is not known."""

WANTED = re.compile(r"^(lib|postgresql-\d+|postgresql-client-\d+|proj-data|gdal-data|gdal-plugins|tzdata)")
NOT_WANTED = re.compile(
    r"^(libc6|libc-bin|libc-l10n|libgcc-s1|libperl|libpython|libsystemd-shared|libpam|libapt|libdebconf|libdpkg|libnss-)"
    r"|-perl$"
)
"""Every Debian has these; a second C library beside the system's would break both."""

SLOWEST_S = 900


def unpack(target: Path, progress: Progress) -> None:
    """Make `target` hold a PostGIS; it stays as it was unless all goes well.

    Raises
    ------
    UnavailableError
        `apt_missing`: no Debian family; `packages_unreachable`: the package source does not answer;
        `disk_full`.
    """
    if which("apt-get") is None or which("dpkg-deb") is None:
        raise UnavailableError("apt_missing")
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        _fill(part, progress)
    except OSError as error:
        shutil.rmtree(part, ignore_errors=True)
        raise UnavailableError("disk_full", path=str(target), reason=str(error)) from error
    if target.exists():
        shutil.rmtree(target)
    part.rename(target)


def _fill(part: Path, progress: Progress) -> None:
    # PostgreSQL's account must be able to read it, whatever mask we run under.
    part.mkdir(mode=0o755)
    part.chmod(0o755)
    # apt cannot cope with spaces in every one of its paths: its own state lies in a plain temporary folder.
    with tempfile.TemporaryDirectory(prefix="panlong-apt-") as scratch:
        apt = _Apt(Path(scratch))
        progress("lists", 0, 0)
        apt.run("update", "-qq", "-o", "APT::Update::Error-Mode=any")
        packages = apt.needed()
        sizes = apt.sizes(packages)
        total = sum(sizes)
        progress("download", 0, total)
        apt.download(packages, lambda done: progress("download", done, total))
        files = sorted((Path(scratch) / "debs").glob("*.deb"))
        for number, file in enumerate(files, 1):
            _call(["dpkg-deb", "-x", str(file), str(part)])
            progress("unpack", number, len(files))
        (part / "manifest.txt").write_text("\n".join(file.name for file in files) + "\n", encoding="utf-8")
    _link_controls(part)
    part.chmod(0o755)


def _link_controls(part: Path) -> None:
    """What Debian's package does after it is installed: postgis.control is a link to that of its version."""
    for control in part.glob("usr/share/postgresql/*/extension/*-3.control"):
        link = control.with_name(control.name.replace("-3.control", ".control"))
        if not link.exists():
            link.symlink_to(control.name)


class _Apt:
    """apt with a state of its own, in which no package is installed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("lists/partial", "cache/archives/partial", "debs", "log"):
            (folder / name).mkdir(parents=True)
        (folder / "status").touch()
        settings = {
            "Dir::State": folder,
            "Dir::State::lists": folder / "lists",
            "Dir::State::status": folder / "status",
            "Dir::Cache": folder / "cache",
            "Dir::Log": folder / "log",
            "Debug::NoLocking": 1,
            "APT::Sandbox::User": "",
            "Acquire::Retries": 3,
        }
        self.options = [part for name, value in settings.items() for part in ("-o", f"{name}={value}")]

    def run(self, *arguments: str, program: str = "apt-get") -> str:
        return _call([program, *self.options, *arguments], cwd=self.folder / "debs")

    def needed(self) -> list[str]:
        """The packages to unpack: PostGIS and what it needs, less what every system has."""
        depends = self.run("depends", "postgresql-postgis", program="apt-cache")
        package = re.search(r"postgresql-\d+-postgis-3$", depends, re.MULTILINE)
        if package is None:
            raise UnavailableError("packages_unreachable", reason="postgresql-postgis")
        plan = self.run("install", "-s", "--no-install-recommends", package[0])
        names = re.findall(r"^Inst (\S+)", plan, re.MULTILINE)
        return [name for name in names if WANTED.search(name) and not NOT_WANTED.search(name)]

    def sizes(self, packages: list[str]) -> list[int]:
        lines = self.run("download", "--print-uris", *packages).splitlines()
        return [int(line.split()[2]) for line in lines if line.startswith("'")]

    def download(self, packages: list[str], progress: Callable[[int], None]) -> None:
        command = ["apt-get", *self.options, "download", "-qq", *packages]
        folder = self.folder / "debs"
        with subprocess.Popen(
            command,
            cwd=folder,
            env=plain_environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            while process.poll() is None:
                progress(sum(file.stat().st_size for file in folder.glob("*.deb*")))
                time.sleep(0.2)
            said = process.stderr.read() if process.stderr else ""
        if process.returncode:
            raise UnavailableError("packages_unreachable", reason=_last(said))


def _call(command: list[str], cwd: Path | None = None) -> str:
    try:
        run = subprocess.run(
            command,
            cwd=cwd,
            env=plain_environment(),
            capture_output=True,
            text=True,
            timeout=SLOWEST_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UnavailableError("packages_unreachable", reason=f"{SLOWEST_S} s") from error
    if run.returncode:
        raise UnavailableError("packages_unreachable", reason=_last(run.stderr or run.stdout))
    return run.stdout


def _last(said: str) -> str:
    lines = [line for line in said.strip().splitlines() if line.startswith(("E:", "dpkg"))]
    return (lines or said.strip().splitlines() or ["?"])[-1][:300]
