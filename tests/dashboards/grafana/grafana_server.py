"""An HTTP server on loopback that behaves like Grafana's documented API, and misbehaves where it is told to."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "glsa_the-right-token_0123"
Json = dict[str, Any]
Answer = tuple[int, Any]


class FakeGrafana:
    """What it holds, what it was asked, and how it fails: `fail[(method, path prefix)]` = status, or words for more."""

    def __init__(self) -> None:
        self.folders: dict[str, Json] = {}
        self.sources: dict[str, Json] = {}
        self.boards: dict[str, Json] = {}
        self.notes: list[Json] = []
        self.asked: list[tuple[str, str]] = []
        self.fail: dict[tuple[str, str], int | str] = {}
        self.old_versions = False  # Grafana 11 lists versions without an object around them
        self.url = ""

    @property
    def writes(self) -> list[tuple[str, str]]:
        return [one for one in self.asked if one[0] != "GET"]

    def change_by_hand(self, uid: str, title: str) -> None:
        """What saving in the browser does."""
        held = self.boards[uid]
        held["dashboard"]["title"] = title
        held["dashboard"]["version"] += 1
        held["versions"].append({"version": held["dashboard"]["version"], "message": "", "createdBy": "admin"})

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: Json) -> Answer:
        if path == "/api/health":
            return 200, {"database": "ok", "version": "12.1.0"}
        for prefix in ("folders", "datasources", "dashboards", "annotations"):
            if path.startswith(f"/api/{prefix}"):
                rest = path.removeprefix(f"/api/{prefix}").strip("/")
                found: Answer = getattr(self, f"_{prefix}")(method, rest, query, body)
                return found
        return 404, {"message": "Not found"}

    def _folders(self, method: str, rest: str, _: object, body: Json) -> Answer:
        if method == "GET":
            return (200, self.folders[rest]) if rest in self.folders else (404, {"message": "folder not found"})
        if any(folder["title"] == body["title"] for folder in self.folders.values()):
            return 409, {"message": "a folder with the same name already exists in the current location"}
        self.folders[body["uid"]] = {"uid": body["uid"], "title": body["title"], "id": 1, "version": 1}
        return 200, self.folders[body["uid"]]

    def _datasources(self, method: str, rest: str, _: object, body: Json) -> Answer:
        uid = rest.removeprefix("uid/")
        if method == "POST":
            if any(source["name"] == body["name"] for source in self.sources.values()):
                return 409, {"message": "data source with the same name already exists"}
            self.sources[body["uid"]] = {**body, "id": 1, "orgId": 1, "readOnly": False, "withCredentials": False}
            return 200, {"datasource": self.sources[body["uid"]], "message": "Datasource added"}
        if uid not in self.sources:
            return 404, {"message": "Data source not found"}
        if method == "PUT":
            if self.sources[uid].get("readOnly"):
                return 403, {"message": "Cannot update read-only data source"}
            self.sources[uid] = {**self.sources[uid], **body}
        return 200, self.sources[uid]

    def _dashboards(self, method: str, rest: str, _: object, body: Json) -> Answer:
        if method == "POST":
            return self._save(body)
        uid, _, versions = rest.removeprefix("uid/").partition("/")
        if uid not in self.boards:
            return 404, {"message": "Dashboard not found"}
        held = self.boards[uid]
        if versions:
            newest = sorted(held["versions"], key=lambda one: -one["version"])[:1]
            return 200, newest if self.old_versions else {"continueToken": "", "versions": newest}
        return 200, {"dashboard": held["dashboard"], "meta": {"folderUid": held["folderUid"], "slug": uid}}

    def _save(self, body: Json) -> Answer:
        board, uid = body["dashboard"], body["dashboard"]["uid"]
        held = self.boards.get(uid)
        if body["folderUid"] not in self.folders:
            return 400, {"message": "folder not found"}
        if held is not None and not body["overwrite"] and board.get("version") != held["dashboard"]["version"]:
            return 412, {"status": "version-mismatch", "message": "The dashboard has been changed by someone else"}
        version = 1 if held is None else held["dashboard"]["version"] + 1
        said = {"version": version, "message": body.get("message", ""), "createdBy": "sa"}
        stored = {**board, "id": 7 if held is None else held["dashboard"]["id"], "version": version}
        past = [] if held is None else held["versions"]
        self.boards[uid] = {"dashboard": stored, "folderUid": body["folderUid"], "versions": [*past, said]}
        return 200, {"id": stored["id"], "uid": uid, "status": "success", "version": version}

    def _annotations(self, method: str, _: str, query: dict[str, list[str]], body: Json) -> Answer:
        if method == "POST":
            self.notes.append({**body, "id": len(self.notes) + 1})
            return 200, {"message": "Annotation added", "id": len(self.notes)}
        wanted = set(query.get("tags", []))
        return 200, [note for note in self.notes if wanted <= set(note["tags"])]


class _Handler(BaseHTTPRequestHandler):
    grafana: FakeGrafana

    def _do(self) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        raw = self.rfile.read(length)
        self.grafana.asked.append((self.command, parts.path))
        failing = [
            how
            for (method, prefix), how in self.grafana.fail.items()
            if method in {self.command, "*"} and parts.path.startswith(prefix)
        ]
        if failing:
            self._fail(failing[0])
        elif parts.path != "/api/health" and self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self._send(401, {"message": "Invalid API key"})
        else:
            body = json.loads(raw) if raw and raw != b"null" else {}
            self._send(*self.grafana.answer(self.command, parts.path, parse_qs(parts.query), body))

    do_GET = do_POST = do_PUT = _do  # noqa: N815

    def _fail(self, how: int | str) -> None:
        said = self.headers.get("Authorization", "")
        if how == "slow":
            time.sleep(1.0)
            self._send(200, {})
        elif how == "html":
            self._send(200, "<html>message: sign in</html>", "text/html")
        elif how == "html 502":
            self._send(502, "<html>the message is: bad gateway</html>", "text/html")
        elif how == "list":
            self._send(200, [1, 2])
        elif how == "hang up":
            self.connection.close()
        else:
            self._send(int(how), {"message": f"no, not with {said}"})

    def _send(self, status: int, answer: Any, kind: str = "application/json") -> None:
        raw = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@contextmanager
def served(grafana: FakeGrafana, path: str = "") -> Iterator[str]:
    """Its address while it runs."""
    handler = type("Handler", (_Handler,), {"grafana": grafana})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        grafana.url = f"http://127.0.0.1:{server.server_address[1]}{path}"
        yield grafana.url
    finally:
        server.shutdown()
        server.server_close()
