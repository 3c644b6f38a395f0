"""The platform over HTTP, with an API token."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pandas as pd
import pyarrow as pa
import requests
import shapely
import urllib3.exceptions
from requests.auth import AuthBase

from spatial.errors import PlatformError
from spatial.layers import VERSION, Layer
from spatial.layers.arrow import whole
from spatial.platform.source import Day, District, Platform

ASKED = {"since": "from", "until": "to"}
"""Names of the interface for what is called otherwise here."""

CODES = {"area_missing_coded": "area_unknown", "layer_missing": "layer_unknown"}
"""What the interface says, and what it is called here."""

BROKEN = (requests.exceptions.ChunkedEncodingError, urllib3.exceptions.HTTPError)


class _Token(AuthBase):
    """A token that shows itself to the server alone."""

    def __init__(self, token: str) -> None:
        if not token or not token.isascii() or not token.isprintable() or " " in token:
            raise PlatformError("token_refused")
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request

    def __repr__(self) -> str:
        return "<token>"


class Server(Platform):
    """The platform at an address.

    Parameters
    ----------
    address
        Such as `https://grid.example.cn`.
    token
        From `panlong token create`, with the scopes `map.view`, `cases.read` and `registry.read`.
    insecure
        Whether the token may travel in clear to another machine.
    ca
        File of the authority that has signed the server's certificate, where the system does not know it.
    timeout_s
        Longest silence, in seconds.

    Raises
    ------
    PlatformError
        `address_wrong`, `server_not_secure`, `certificate_untrusted`, `server_unreachable`, `not_a_platform`,
        `token_refused`, `token_expired`, `not_permitted`, `version_differs`; later also `stream_cut`, `server_failed`,
        `question_refused`.
    """

    def __init__(
        self,
        address: str,
        token: str,
        *,
        insecure: bool = False,
        ca: Path | str | None = None,
        timeout_s: float = 300,
    ) -> None:
        self.address = _address(address, insecure)
        self._timeout_s = timeout_s
        self._session = requests.Session()
        self._session.auth = _Token(token)
        self._session.verify = True if ca is None else str(ca)
        self._known = self._json("layers")
        if self._known.get("version") != VERSION:
            raise PlatformError("version_differs", server=self._known.get("version"), library=VERSION)
        told = self._json("district")
        self.district = District(**{name: told[name] for name in District.__dataclass_fields__})

    def __repr__(self) -> str:
        return f"Server({self.address!r}, {self.district.name})"

    def layers(self) -> pd.DataFrame:
        """What can be had, as the platform tells it."""
        frame = pd.DataFrame(self._known["items"])
        frame["columns"] = [[column["name"] for column in columns] for columns in frame["columns"]]
        return frame[["name", "about", "permitted", "needs", "narrowed", "shape", "columns"]]

    def indicators(
        self,
        of: str = "district",
        *,
        level: str = "subdistrict",
        since: Day | None = None,
        until: Day | None = None,
    ) -> pd.DataFrame:
        """指标 of a period."""
        asked = {"of": of, "level": level, "from": since, "to": until}
        told = self._json("evaluation/period", {k: str(v) for k, v in asked.items() if v is not None})
        rows = [{"key": row["key"], **row["counts"], **row["indicators"]} for row in told["items"]]
        formulas = told["formulas"]
        frame = pd.DataFrame(rows, columns=None if rows else ["key", *formulas])
        frame[list(formulas)] = frame[list(formulas)].astype("float64")
        frame.attrs["formulas"] = formulas
        frame.attrs["period"] = {"since": told["since"], "until": told["until"]}
        return frame

    def _rows(self, layer: Layer, narrowed: Mapping[str, Any]) -> tuple[pd.DataFrame, str]:
        asked = {ASKED.get(name, name): _written(value) for name, value in narrowed.items()}
        with self._asked(f"layers/{layer.name}.arrow", asked) as answer:
            answer.raw.decode_content = True
            try:
                reader = pa.ipc.open_stream(pa.PythonFile(answer.raw, mode="r"))
                table = whole(reader)
            except (pa.ArrowInvalid, OSError, *BROKEN) as error:
                raise PlatformError("stream_cut", rows=None, told=None) from error
        said = {key.decode(): value.decode() for key, value in (table.schema.metadata or {}).items()}
        if said.get("panlong.layer") != layer.name or said.get("panlong.version") != str(VERSION):
            raise PlatformError("version_differs", server=said.get("panlong.version"), library=VERSION)
        return frame_of(table), said["panlong.as_of"]

    def _json(self, path: str, asked: Mapping[str, str] | None = None) -> dict[str, Any]:
        with self._asked(path, asked or {}) as answer:
            try:
                told = answer.json()
            except (ValueError, *BROKEN) as error:
                raise PlatformError("not_a_platform", address=self.address) from error
        if not isinstance(told, dict):
            raise PlatformError("not_a_platform", address=self.address)
        return told

    @contextmanager
    def _asked(self, path: str, asked: Mapping[str, str]) -> Iterator[requests.Response]:
        try:
            answer = self._session.get(
                f"{self.address}/api/v1/{path}",
                params=dict(asked),
                stream=True,
                timeout=self._timeout_s,
                allow_redirects=False,  # the token is for this address alone
            )
        except requests.exceptions.SSLError:
            raise PlatformError("certificate_untrusted", address=self.address) from None
        except requests.exceptions.RequestException as error:
            raise PlatformError(
                "server_unreachable", address=self.address, reason=type(error).__name__
            ) from None
        with answer:
            if answer.status_code != 200:
                raise _refused(answer, self.address)
            yield answer


def _address(address: str, insecure: bool) -> str:
    parts = urlsplit(address.strip())
    try:
        there = parts.hostname and parts.port != 0
    except ValueError:
        there = False
    # Somebody's name and password in an address would be in every log.
    if (
        parts.scheme not in {"http", "https"}
        or not there
        or "@" in parts.netloc
        or parts.path.strip("/")
        or parts.query
    ):
        raise PlatformError("address_wrong", address=f"{parts.scheme}://{(parts.hostname or '')[:80]}")
    if parts.scheme == "http" and not insecure and not _own(parts.hostname or ""):
        raise PlatformError("server_not_secure", address=f"http://{parts.netloc}")
    return f"{parts.scheme}://{parts.netloc}"


def _own(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _refused(answer: requests.Response, address: str) -> PlatformError:
    try:
        told = answer.json()
        code, title = str(told["code"]), str(told["title"])
    except (ValueError, KeyError, TypeError, *BROKEN):
        return PlatformError("not_a_platform", address=address, status=answer.status_code)
    if answer.status_code == 401:
        return PlatformError("token_expired" if code == "token_expired" else "token_refused", address=address)
    if code in CODES:
        return PlatformError(CODES[code], problem=title)
    if answer.status_code == 403:
        return PlatformError("not_permitted", problem=title)
    if answer.status_code == 404:
        return PlatformError("version_differs", problem=title, library=VERSION)
    if answer.status_code >= 500 or answer.status_code == 429:
        return PlatformError("server_failed", status=answer.status_code, problem=title)
    return PlatformError("question_refused", problem=title, field=told.get("field"))


def _written(value: Any) -> str:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise PlatformError("question_refused", problem="an instant has a zone")
        return value.isoformat()
    return str(value)


def frame_of(table: pa.Table) -> pd.DataFrame:
    """A table as a frame, its shapes as shapely's."""
    frame = table.to_pandas(date_as_object=False)
    if "geometry" in frame.columns:
        frame["geometry"] = shapely.from_wkb(frame["geometry"].to_numpy())
    return frame
