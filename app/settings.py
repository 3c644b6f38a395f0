"""What the environment says, read once and in one place."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from secrets import token_bytes, token_urlsafe
from urllib.parse import quote, urlsplit, urlunsplit

from app.errors import InvalidError

ROOT = Path(__file__).resolve().parents[1]
"""The project's folder."""

DEFAULT_WORKSPACE = "panlong"
WORKSPACE_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
DRIVER = "postgresql+psycopg"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of this process.

    Parameters
    ----------
    root, var
        The project's folder, and the one in it where everything goes that running makes.
    workspace
        Name of the workspace: one district, one database.
    given_url
        DATABASE_URL: a server that somebody else looks after; None for the project's own.
    pg_bin
        PANLONG_PG_BIN: folder of the PostgreSQL programs to use.
    locale
        Language of the command line, `zh_CN` or `en`.
    """

    root: Path
    var: Path
    workspace: str
    given_url: str | None
    pg_bin: Path | None
    locale: str

    @property
    def database_name(self) -> str:
        """Name of the workspace's database in the project's own cluster."""
        return workspace_database(DEFAULT_WORKSPACE, self.workspace)

    @property
    def database_url(self) -> str:
        """Address of the workspace's database on a given server.

        Raises
        ------
        InvalidError
            `database_url_missing`: nobody has given one.
        """
        if self.given_url is None:
            raise InvalidError("database_url_missing")
        parts = urlsplit(self.given_url)
        name = workspace_database(parts.path.lstrip("/"), self.workspace)
        return urlunsplit(parts._replace(path="/" + quote(name)))


def workspace_database(base: str, workspace: str) -> str:
    """The database of a workspace, named after that of the default one."""
    return base if workspace == DEFAULT_WORKSPACE else f"{base}_{workspace}"


def read(environment: Mapping[str, str]) -> Settings:
    """The settings that an environment holds.

    Raises
    ------
    InvalidError
        `workspace_name_invalid`, `database_url_invalid`.
    """
    workspace = environment.get("PANLONG_WORKSPACE") or DEFAULT_WORKSPACE
    if not WORKSPACE_NAME.fullmatch(workspace):
        raise InvalidError("workspace_name_invalid", value=workspace)
    pg_bin = environment.get("PANLONG_PG_BIN")
    return Settings(
        root=ROOT,
        var=Path(environment.get("PANLONG_VAR") or ROOT / "var"),
        workspace=workspace,
        given_url=_with_driver(environment.get("DATABASE_URL") or None),
        pg_bin=Path(pg_bin) if pg_bin else None,
        locale=_locale(environment),
    )


def _with_driver(url: str | None) -> str | None:
    if url is None:
        return None
    scheme, separator, rest = url.partition("://")
    if not separator or scheme.split("+")[0] not in {"postgres", "postgresql"}:
        raise InvalidError("database_url_invalid", scheme=scheme[:20])
    return f"{DRIVER}://{rest}"


def _locale(environment: Mapping[str, str]) -> str:
    """Chinese, unless somebody asks for English."""
    asked = environment.get("PANLONG_LANG") or environment.get("LC_ALL") or environment.get("LANG") or ""
    return "en" if asked.lower().startswith("en") else "zh_CN"


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """An identity provider (OpenID Connect).

    Parameters
    ----------
    issuer, client_id, client_secret
        PANLONG_OIDC_ISSUER, PANLONG_OIDC_CLIENT_ID, PANLONG_OIDC_CLIENT_SECRET.
    link_by
        PANLONG_OIDC_LINK_BY: the claim (`preferred_username`, say) that is the username here too; None where identities
        are linked by hand alone.
    """

    issuer: str
    client_id: str
    client_secret: str
    link_by: str | None


def oidc_settings() -> OidcSettings | None:
    """The identity provider that the environment names; None for none."""
    names = ("ISSUER", "CLIENT_ID", "CLIENT_SECRET")
    issuer, client_id, client_secret = (os.environ.get(f"PANLONG_OIDC_{name}", "") for name in names)
    if not issuer:
        return None
    return OidcSettings(issuer, client_id, client_secret, os.environ.get("PANLONG_OIDC_LINK_BY") or None)


@dataclass(frozen=True, slots=True)
class FilesSettings:
    """Where pictures and films are kept: in a folder, or in a store that speaks S3 where a bucket is named.

    Parameters
    ----------
    folder
        PANLONG_FILES; `files` in the folder of all that running makes, for each workspace its own.
    bucket, endpoint, region, key_id, secret
        PANLONG_S3_BUCKET, PANLONG_S3_ENDPOINT, PANLONG_S3_REGION, PANLONG_S3_KEY_ID, PANLONG_S3_SECRET; without the
        last two the machine's own identity counts.
    prefix
        PANLONG_S3_PREFIX: what every name in the bucket begins with.
    """

    folder: Path
    bucket: str | None = None
    endpoint: str | None = None
    region: str | None = None
    key_id: str | None = None
    secret: str | None = field(default=None, repr=False)
    prefix: str = "files"


def files_settings(given: Settings) -> FilesSettings:
    """Where a workspace keeps its pictures and films."""
    own = workspace_database("files", given.workspace)

    def named(name: str) -> str | None:
        return os.environ.get(f"PANLONG_{name}") or None

    return FilesSettings(
        folder=Path(named("FILES") or given.var / own),
        bucket=named("S3_BUCKET"),
        endpoint=named("S3_ENDPOINT"),
        region=named("S3_REGION"),
        key_id=named("S3_KEY_ID"),
        secret=named("S3_SECRET"),
        prefix=named("S3_PREFIX") or own,
    )


@dataclass(frozen=True, slots=True)
class BasemapSettings:
    """Another map that is laid below ours; without one nothing is asked of any other server.

    Parameters
    ----------
    tiles
        PANLONG_BASEMAP: address of its tiles with `{z}`, `{x}` and `{y}`; None where it is a file.
    origin
        The server that a browser may ask for them; None where they come from our own.
    file
        PANLONG_BASEMAP, where it ends in `.pmtiles`: a file of pictures that our own server hands out.
    attribution, last_zoom
        PANLONG_BASEMAP_CREDIT: whose map it is and its approval number, as shown on it; PANLONG_BASEMAP_ZOOM: the
        nearest zoom that it has.
    """

    tiles: str | None
    origin: str | None
    file: Path | None
    attribution: str
    last_zoom: int


ORIGIN = re.compile(r"https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?")
ADDRESS = re.compile(r"[!-~]+")
NEAREST = 18


def basemap_settings(environment: Mapping[str, str] | None = None) -> BasemapSettings | None:
    """The map that the environment names to be laid below ours; None for none.

    Raises
    ------
    InvalidError
        `basemap_invalid`: it is neither an address of tiles nor a file of them, or nobody says whose map it is.
    """
    given = os.environ if environment is None else environment
    named, credit = given.get("PANLONG_BASEMAP") or "", given.get("PANLONG_BASEMAP_CREDIT") or ""
    zoom = given.get("PANLONG_BASEMAP_ZOOM") or str(NEAREST)
    if not named:
        return None
    if not credit or not re.fullmatch(r"[0-9]{1,2}", zoom):
        raise InvalidError("basemap_invalid", value=named)
    if named.endswith(".pmtiles") and "://" not in named:
        return BasemapSettings(None, None, Path(named), credit, int(zoom))
    parts = urlsplit(named)
    origin = f"{parts.scheme}://{parts.netloc}".lower()
    places = all(named.count(place) == 1 for place in ("{z}", "{x}", "{y}"))
    if not (places and ADDRESS.fullmatch(named) and ORIGIN.fullmatch(origin)):
        raise InvalidError("basemap_invalid", value=named)
    return BasemapSettings(named, origin, None, credit, int(zoom))


def secret_key(given: Settings) -> bytes:
    """The instance's own key: PANLONG_SECRET_KEY, else that of a file that only its owner reads, made at first need.

    Two servers of one database need the same one.
    """
    named = os.environ.get("PANLONG_SECRET_KEY")
    if named:
        return named.encode()
    path = given.var / "secret.key"
    if not path.exists():
        _write_once(path, token_urlsafe(48))
    return path.read_bytes()


def _write_once(path: Path, content: str) -> None:
    """Make a file that only its owner reads, unless it is there: whole or not at all, and the first of two wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        with suppress(FileExistsError):
            os.link(part, path)
    finally:
        part.unlink()


def seal_keys_file(given: Settings) -> Path:
    """PANLONG_SEAL_KEYS_FILE, else `seal.keys` in the folder of all that running makes, for each workspace its own.

    It lies outside the database: who has one of them alone reads no number of anybody.
    """
    named = os.environ.get("PANLONG_SEAL_KEYS_FILE")
    return Path(named) if named else given.var / f"{workspace_database('seal', given.workspace)}.keys"


def seal_keys(given: Settings) -> dict[int, bytes]:
    """The keys under which personal numbers are sealed, by their number: of PANLONG_SEAL_KEYS, else of the file.

    A key is written as its number, a colon and 32 bytes in hexadecimal digits; several stand apart by blanks or lines.

    Raises
    ------
    InvalidError
        `seal_keys_invalid`.
    """
    named = os.environ.get("PANLONG_SEAL_KEYS")
    path = seal_keys_file(given)
    written = named or (path.read_text(encoding="ascii", errors="replace") if path.exists() else "")
    found: dict[int, bytes] = {}
    for one in written.split():
        match = re.fullmatch(r"([0-9]{1,3}):([0-9a-fA-F]{64})", one)
        if not match or not 1 <= int(match[1]) <= 255 or int(match[1]) in found:
            raise InvalidError("seal_keys_invalid", where="PANLONG_SEAL_KEYS" if named else str(path))
        found[int(match[1])] = bytes.fromhex(match[2])
    return found


def add_seal_key(given: Settings, no: int) -> None:
    """Put a new random key into the file of keys, beside those that are there.

    Raises
    ------
    InvalidError
        `seal_keys_in_environment`: PANLONG_SEAL_KEYS holds them, and only whoever sets that can add one.
    """
    if os.environ.get("PANLONG_SEAL_KEYS"):
        raise InvalidError("seal_keys_in_environment", no=no)
    path = seal_keys_file(given)
    known = seal_keys(given)
    if no in known:
        return
    lines = "".join(f"{n}:{key.hex()}\n" for n, key in {**known, no: token_bytes(32)}.items())
    if not known:
        _write_once(path, lines)
        return
    part = path.with_name(f"{path.name}.new")
    part.unlink(missing_ok=True)
    _write_once(part, lines)
    part.replace(path)


@cache
def settings() -> Settings:
    """The settings of this process."""
    return read(os.environ)


def choose_workspace(name: str) -> None:
    """Take another workspace than the environment's, for this process and those that it starts."""
    read({**os.environ, "PANLONG_WORKSPACE": name})
    os.environ["PANLONG_WORKSPACE"] = name
    settings.cache_clear()


def keeps_worker() -> bool:
    """Whether a server keeps a worker beside it: not where PANLONG_WORKER says that one runs `elsewhere`."""
    return os.environ.get("PANLONG_WORKER") != "elsewhere"


MOST_PROCESSES = 4


def processes() -> int:
    """How many processes serve: PANLONG_PROCESSES, else one for each core and four at most.

    Raises
    ------
    InvalidError
        `processes_invalid`: no number from 1 to 64.
    """
    named = os.environ.get("PANLONG_PROCESSES")
    if not named:
        return min(MOST_PROCESSES, os.cpu_count() or 1)
    if not named.isdecimal() or not 1 <= int(named) <= 64:
        raise InvalidError("processes_invalid", value=named)
    return int(named)


def child_environment(database_url: str) -> dict[str, str]:
    """The environment of a server process: its database, files and keys, no workspace, no other program's libraries."""
    left_out = {"PANLONG_WORKSPACE", "LD_LIBRARY_PATH"}
    files = files_settings(settings())
    own = {
        "DATABASE_URL": database_url,
        "PANLONG_FILES": str(files.folder),
        "PANLONG_S3_PREFIX": files.prefix,
        "PANLONG_SEAL_KEYS_FILE": str(seal_keys_file(settings())),
    }
    return {k: v for k, v in os.environ.items() if k not in left_out} | own


def plain_environment() -> dict[str, str]:
    """The environment for PostgreSQL's programs: without what would make them speak or connect otherwise."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "LC_"))}
    return kept | {"LC_ALL": "C"}
