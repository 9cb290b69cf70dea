"""Boards into a Grafana over its HTTP interface: what differs is said, then written; what somebody changed is kept.

A board that we wrote carries in the message of its version a checksum of what we wrote.  Where the newest version has
another message, somebody has changed it since; such a board is only replaced when that is asked for.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from itertools import islice
from typing import Any, Final

import msgspec

from dashboards.grafana.grafana_http import Grafana

Json = dict[str, Any]
MESSAGE: Final = "motcua "
_SERVERS_OWN: Final = frozenset({"id", "version"})
_SHOWN: Final = 8
Say = Callable[[str], None]


class State(StrEnum):
    """What became of one thing, or would."""

    SAME = "unchanged"
    CREATED = "created"
    UPDATED = "updated"
    KEPT = "kept: changed by hand"


class Asked(msgspec.Struct, frozen=True):
    """How to push: into which folder, from which Prometheus (None: leave data sources alone), and how boldly."""

    folder: str
    folder_uid: str
    source: Json | None = None
    dry_run: bool = False
    force: bool = False


class Pushed(msgspec.Struct, frozen=True):
    """What became of everything, by name."""

    states: dict[str, State]

    @property
    def kept(self) -> list[str]:
        """The boards that somebody had changed."""
        return [name for name, state in self.states.items() if state is State.KEPT]


def push(grafana: Grafana, boards: Iterable[Json], asked: Asked, say: Say) -> Pushed:
    """Folder, data source and boards; `say` gets a line for each, and for each difference."""
    states: dict[str, State] = {}

    def done(name: str, state: State, changes: Iterable[str] = ()) -> None:
        states[name] = state
        say(f"{name}: {_worded(state, dry_run=asked.dry_run)}")
        held = list(islice(changes, _SHOWN + 1))
        for line in held[:_SHOWN]:
            say(f"    {line}")
        if len(held) > _SHOWN:
            say("    …")

    done(f"folder {asked.folder}", _folder(grafana, asked))
    if asked.source is not None:
        done(f"data source {asked.source['name']}", *_source(grafana, asked.source, dry_run=asked.dry_run))
    for board in boards:
        done(f"board {board['title']}", *_board(grafana, board, asked))
    return Pushed(states)


def fingerprint(board: Json) -> str:
    """A checksum of what we make of a board."""
    return hashlib.blake2b(json.dumps(board, sort_keys=True).encode(), digest_size=6).hexdigest()


def differences(old: Any, new: Any, place: str = "") -> Iterator[str]:
    """Where two pieces of JSON differ, in words."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*new, *(key for key in old if key not in new)]:
            inner = f"{place}.{key}" if place else key
            if key not in new:
                yield f"{inner}: no longer there"
            elif key not in old:
                yield f"{inner}: new"
            else:
                yield from differences(old[key], new[key], inner)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for number, pair in enumerate(zip(old, new, strict=True)):
            yield from differences(*pair, f"{place}[{number}]")
    elif isinstance(old, list) and isinstance(new, list):
        yield f"{place}: {len(old)} → {len(new)}"
    elif old != new:
        yield f"{place}: {_short(old)} → {_short(new)}"


def _folder(grafana: Grafana, asked: Asked) -> State:
    if grafana.folder(asked.folder_uid) is not None:
        return State.SAME
    if not asked.dry_run:
        grafana.create_folder(asked.folder, asked.folder_uid)
    return State.CREATED


def _source(grafana: Grafana, wanted: Json, *, dry_run: bool) -> tuple[State, Iterable[str]]:
    held = grafana.source(wanted["uid"])
    if held is None:
        if not dry_run:
            grafana.create_source(wanted)
        return State.CREATED, ()
    # Grafana adds what it knows of a source; only what we say counts.
    ours = {key: held.get(key) for key in wanted}
    ours["jsonData"] = {key: (held.get("jsonData") or {}).get(key) for key in wanted["jsonData"]}
    changes = list(differences(ours, wanted))
    if changes and not dry_run:
        grafana.update_source({**held, **wanted, "jsonData": {**(held.get("jsonData") or {}), **wanted["jsonData"]}})
    return State.UPDATED if changes else State.SAME, changes


def _board(grafana: Grafana, board: Json, asked: Asked) -> tuple[State, Iterable[str]]:
    held = grafana.board(board["uid"])
    said = f"{MESSAGE}{fingerprint(board)}"
    if held is None:
        if not asked.dry_run:
            grafana.write_board({**board, "id": None}, asked.folder_uid, said, overwrite=False)
        return State.CREATED, ()
    last, stored = grafana.last_message(board["uid"]), held["dashboard"]
    if last == said and held.get("meta", {}).get("folderUid", asked.folder_uid) == asked.folder_uid:
        return State.SAME, ()
    bare = {key: value for key, value in stored.items() if key not in _SERVERS_OWN}
    changes = list(differences(bare, board)) or ["its folder"]
    if not last.startswith(MESSAGE) and not asked.force:
        return State.KEPT, changes
    if not asked.dry_run:
        # The version that we saw: when somebody saves meanwhile, Grafana refuses.
        placed = {**board, "id": stored.get("id"), "version": stored.get("version")}
        grafana.write_board(placed, asked.folder_uid, said, overwrite=asked.force)
    return State.UPDATED, changes


def _worded(state: State, *, dry_run: bool) -> str:
    return f"would be {state}" if dry_run and state in {State.CREATED, State.UPDATED} else str(state)


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}…"
