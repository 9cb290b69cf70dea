"""Grafana's HTTP interface: the few calls that we need, each error in words.  The only module that knows `grafana_api`.

Paths and statuses: Grafana's documented HTTP API (folders, data sources, dashboards, versions, annotations, health).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

import requests
from grafana_api.grafana_api import GrafanaException
from grafana_api.grafana_face import GrafanaFace

from streams.errors import MotcuaError

Json = dict[str, Any]
MASK: Final = "********"
_NOT_FOUND: Final = 404
_ADVICE: Final = {
    400: "This is a bug of ours, or a Grafana older than 11.",
    401: "The token is wrong or has expired: make one for a service account; --token-file or GRAFANA_TOKEN takes it.",
    403: "The token may not do that: boards and folders need the role Editor, a data source needs Admin "
    "(without --source-url data sources are left alone); what is provisioned from files cannot be changed.",
    404: "Is the address right, also the path before /api?",
    409: "Something with this name is there under another uid: rename or delete it in Grafana.",
    412: "Somebody has saved it meanwhile, or one with this title is there: run this again; --force replaces it.",
}


class GrafanaFailed(MotcuaError):
    """Grafana refused, did not answer, or is not a Grafana; the text says what and what to do."""


class Grafana:
    """One Grafana at a URL such as https://grafana.example.vn/path, reached with a token that is never shown."""

    def __init__(self, url: str, token: str, timeout_s: float) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise GrafanaFailed(f"'{url}' is no address of a Grafana; write https://grafana.example.vn")
        if parts.username or parts.password or parts.query:
            raise GrafanaFailed("Leave user, password and query out of the address; a token goes into --token-file")
        if not token.isascii() or not token.strip() or any(letter.isspace() for letter in token.strip()):
            raise GrafanaFailed("The token is empty or has spaces in it; it is one word such as glsa_…")
        self._where, self._token, self._timeout_s = url, token.strip(), timeout_s
        path = parts.path.strip("/")
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        self._face = GrafanaFace(
            auth=self._token,
            host=host,
            port=parts.port,
            url_path_prefix=f"{path}/" if path else "",
            protocol=parts.scheme,
            timeout=timeout_s,
        )

    def version(self) -> str:
        """Its version; GrafanaFailed when whoever answers is no Grafana."""
        said = self._call("its health", lambda: self._face.api.GET("/health"))
        if not isinstance(said, dict) or "database" not in said:
            raise GrafanaFailed(f"Who answers at {self._where} is no Grafana: /api/health says something else")
        return str(said.get("version", "?"))

    def folder(self, uid: str) -> Json | None:
        """The folder; None where there is none."""
        return self._found(f"folder {uid}", lambda: self._face.folder.get_folder(quote(uid)))

    def create_folder(self, title: str, uid: str) -> None:
        """Make a folder."""
        self._call(f"folder {title}", lambda: self._face.folder.create_folder(title, uid))

    def source(self, uid: str) -> Json | None:
        """The data source; None where there is none."""
        return self._found(f"data source {uid}", lambda: self._face.api.GET(f"/datasources/uid/{quote(uid)}"))

    def create_source(self, source: Json) -> None:
        """Make a data source."""
        self._call(f"data source {source['name']}", lambda: self._face.datasource.create_datasource(source))

    def update_source(self, source: Json) -> None:
        """Replace a data source."""
        path = f"/datasources/uid/{quote(source['uid'])}"
        self._call(f"data source {source['name']}", lambda: self._face.api.PUT(path, json=source))

    def board(self, uid: str) -> Json | None:
        """The board with what Grafana knows of it: `dashboard` and `meta`; None where there is none."""
        found = self._found(f"board {uid}", lambda: self._face.dashboard.get_dashboard(quote(uid)))
        if found is not None and not isinstance(found.get("dashboard"), dict):
            raise self._strange(f"board {uid}")
        return found

    def last_message(self, uid: str) -> str:
        """What its newest version was saved with; empty where nothing was said."""
        path = f"/dashboards/uid/{quote(uid)}/versions?limit=1"
        said = self._call(f"versions of board {uid}", lambda: self._face.api.GET(path))
        versions = said.get("versions") if isinstance(said, dict) else said  # Grafana 11 and 12 differ here
        if not isinstance(versions, list) or not all(isinstance(one, dict) for one in versions):
            raise self._strange(f"versions of board {uid}")
        newest: Json = max(versions, key=lambda one: one.get("version", 0), default={})
        return str(newest.get("message", ""))

    def write_board(self, board: Json, folder_uid: str, message: str, *, overwrite: bool) -> None:
        """Save a board as a new version."""
        body = {"dashboard": board, "folderUid": folder_uid, "message": message, "overwrite": overwrite}
        self._call(f"board {board['title']}", lambda: self._face.dashboard.update_dashboard(body))

    def notes(self, tags: list[str]) -> list[Json]:
        """Annotations that have all these tags."""
        path = f"/annotations?{urlencode([('tags', tag) for tag in tags] + [('limit', '1000')])}"
        said = self._call("notes", lambda: self._face.api.GET(path))
        if not isinstance(said, list):
            raise self._strange("notes")
        return said

    def write_note(self, start_ms: int, end_ms: int, tags: list[str], text: str) -> None:
        """An annotation of the organisation, over a span of time (unix milliseconds)."""
        add = self._face.annotations.add_annotation
        self._call(f"note {text}", lambda: add(time_from=start_ms, time_to=end_ms, tags=tags, text=text))

    def _found(self, what: str, ask: Callable[[], Any]) -> Json | None:
        try:
            found = self._call(what, ask)
        except _Missing:
            return None
        if not isinstance(found, dict):
            raise self._strange(what)
        return found

    def _call(self, what: str, ask: Callable[[], Any]) -> Any:
        try:
            return ask()
        except GrafanaException as error:
            kind = _Missing if error.status_code == _NOT_FOUND else GrafanaFailed
            raise kind(self._refused(what, error)) from None  # the cause holds the answer, which may hold the token
        except requests.exceptions.Timeout:
            raise GrafanaFailed(
                f"Grafana at {self._where} did not answer for {what} within {self._timeout_s:g} s; give it --timeout"
            ) from None
        except requests.exceptions.JSONDecodeError:
            raise self._strange(what) from None
        except requests.exceptions.RequestException as error:
            raise GrafanaFailed(self._masked(f"No Grafana answers at {self._where}: {error}")) from None
        except (TypeError, KeyError):  # what the library makes of an error page that is no JSON object
            raise self._strange(what) from None

    def _refused(self, what: str, error: GrafanaException) -> str:
        status = error.status_code
        advice = "Its own log says more; try again later." if status >= 500 else _ADVICE.get(status, "")
        said = self._masked(str(error.message))[:200]
        return f"Grafana at {self._where} refused {what} with {status}: {said}. {advice}".rstrip()

    def _strange(self, what: str) -> GrafanaFailed:
        return GrafanaFailed(f"Who answers at {self._where} for {what} does not speak as Grafana does; is it one?")

    def _masked(self, text: str) -> str:
        return text.replace(self._token, MASK)


class _Missing(GrafanaFailed):
    """There is no such thing."""
