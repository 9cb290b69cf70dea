"""What people say of a dossier on the watch list: that they know, until when it may rest, a note, who acts.

A record of `acknowledgements`, keyed by dossier; absolute, so the later `recorded` replaces what was said before.
"""

import re
from collections.abc import Container, Mapping
from typing import Final

import msgspec

from streams.core.civil import MICROS
from streams.core.late import State, state_of
from streams.core.posts import POST_OF, POSTS
from streams.core.watching import Watch

ACKNOWLEDGEMENT_VERSION: Final = 1
NOTE_LENGTH: Final = 200
_DIGITS: Final = re.compile(r"\d(?:[ .-]?\d){8,}")  # identity, telephone and account numbers have nine and more
KEPT_S: Final = 30 * 86_400
"""How long what was said of a dossier is kept after it has left the list: it may come back."""


class Acknowledgement(msgspec.Struct, frozen=True):
    """What stands of one dossier.  `recorded` in micros, `due` and `until` in seconds.

    `state` is the one in which it was acknowledged (empty: it is not), `due` its last instant in time then; `until` is
    when a snooze ends (0: it has no end).  `post` is a code of `streams.core.posts`.
    """

    recorded: int
    state: str = ""
    due: int = 0
    until: int = 0
    note: str = ""
    post: str = ""
    version: int = ACKNOWLEDGEMENT_VERSION


encode = msgspec.json.encode
decode: Final = msgspec.json.Decoder(Acknowledgement).decode


def holds(said: Acknowledgement | None, entry: Watch, clock: int) -> bool:
    """True while a dossier counts as acknowledged, as of `clock` (micros).

    Until it turns late after it was acknowledged in time, its due instant becomes another one, or the snooze ends.
    """
    if said is None or not said.state or said.due != entry.due:
        return False
    if state_of(entry, clock) is State.LATE and said.state != State.LATE.value:
        return False
    return not said.until or clock < said.until * MICROS


def merged(held: Acknowledgement | None, said: Acknowledgement) -> Acknowledgement:
    """What stands after another record: the later recorded one, the one that came last when both are as old."""
    return held if held is not None and held.recorded > said.recorded else said


def unfit(note: str) -> str:
    """Why a note cannot be kept, in words; empty for one that can."""
    if not note.strip():
        return "it is empty"
    if len(note) > NOTE_LENGTH:
        return f"it has {len(note)} characters, {NOTE_LENGTH} at most"
    if any(ord(one) < 32 for one in note):
        return "it has line breaks or control characters"
    if "@" in note or _DIGITS.search(note):
        return "it looks as if it held an address or a number of a person; say what is done, not about whom"
    return ""


class Unfit(ValueError):
    """What cannot be said of a dossier; the text says why."""


def acknowledged(held: Acknowledgement | None, entry: Watch, clock: int, until: int = 0) -> Acknowledgement:
    """Known as it stands as of `clock` (micros), and at rest until `until` (seconds; 0: without an end)."""
    if until and until * MICROS <= clock:
        raise Unfit("a snooze must end after the instant as of which the list stands")
    return _on(held, state=state_of(entry, clock).value, due=entry.due, until=until)


def noted(held: Acknowledgement | None, note: str) -> Acknowledgement:
    """With a note; Unfit where it is too long or may say who."""
    if why := unfit(note):
        raise Unfit(f"the note cannot be kept: {why}")
    return _on(held, note=note.strip())


def assigned(held: Acknowledgement | None, post: str) -> Acknowledgement:
    """With the post that acts; Unfit where there is no such post."""
    if post not in POST_OF:
        raise Unfit(f"there is no post '{post}'; there are {', '.join(f'{one.code} ({one.en})' for one in POSTS)}")
    return _on(held, post=post)


def forgotten(records: Mapping[str, Acknowledgement], listed: Container[str], now: int) -> list[str]:
    """Dossiers of which what was said can go as of `now` (micros): off the list, and long since."""
    before = now - KEPT_S * MICROS
    return [dossier for dossier, said in records.items() if dossier not in listed and said.recorded < before]


def _on(held: Acknowledgement | None, **said: str | int) -> Acknowledgement:
    return msgspec.structs.replace(held or Acknowledgement(0), **said)
