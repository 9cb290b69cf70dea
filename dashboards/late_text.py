"""The list of late dossiers as text: tables for people, CSV and JSON for programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Final, Literal

import msgspec

from dashboards.late_list import Gathering, LateList, Line, post_name
from streams.core.late import STAGE_OF

Lang = Literal["vi", "en"]
Table = tuple[list[str], list[list[str]]]
_WORDS: Final[dict[Lang, dict[str, str]]] = {
    "en": {
        "soon": "due soon", "today": "due today", "late": "late", "paused": "waiting", "new": "newly late",
        "acknowledged": "acknowledged", "dossier": "dossier", "unit": "unit", "name": "name", "procedure": "procedure",
        "stage": "stage", "state": "state", "due": "due", "left": "working days left", "age": "working days old",
        "points": "points", "at_stake": "points at stake", "said": "said", "apologised": "apologised",
        "snoozed": "rests until", "as_of": "as of", "since": "new since", "none": "nothing is late or about to be",
        "hidden": "Dossier codes are not shown: the setting list_codes does not allow it.",
        "no_calendar": "no working calendar: working time is not known",
    },
    "vi": {
        "soon": "sắp đến hạn", "today": "đến hạn hôm nay", "late": "quá hạn", "paused": "đang chờ",
        "new": "mới quá hạn", "acknowledged": "đã ghi nhận", "dossier": "hồ sơ", "unit": "đơn vị", "name": "tên",
        "procedure": "thủ tục", "stage": "khâu", "state": "tình trạng", "due": "hạn trả",
        "left": "còn lại (ngày làm việc)",
        "age": "tuổi (ngày làm việc)", "points": "điểm", "at_stake": "điểm có thể mất", "said": "ghi chú",
        "apologised": "đã xin lỗi", "snoozed": "tạm gác đến", "as_of": "tại", "since": "mới kể từ",
        "none": "không có hồ sơ quá hạn hay sắp đến hạn",
        "hidden": "Không hiện mã hồ sơ: thiết lập list_codes không cho phép.",
        "no_calendar": "không có lịch làm việc: không biết thời gian làm việc",
    },
}  # fmt: skip


def as_json(found: LateList) -> str:
    """By its schema, docs/printed/late.schema.json."""
    return msgspec.json.format(msgspec.json.encode(found), indent=2).decode()


def heading(found: LateList, lang: Lang) -> Iterator[str]:
    """Of what the list is, and how many there are."""
    words = _WORDS[lang]
    of = f", {words['unit']} {found.unit}" if found.unit else ""
    yield f"Run {found.run}{of}, {words['as_of']} {found.as_of}; {words['since']} {found.new_since}"
    yield ", ".join(f"{words[name]} {count:,}" for name, count in found.counts.items())
    if not found.gathered:
        yield words["none"]
    if not found.calendar:
        yield words["no_calendar"]
    if not found.codes_shown:
        yield words["hidden"]


def lines_table(found: LateList, lang: Lang) -> Table:
    """A row for each dossier."""
    words = _WORDS[lang]
    titles = ["dossier", "unit", "procedure", "stage", "state", "due", "left", "points", "said"]
    return [words[title] for title in titles], [_row(line, lang) for line in found.dossiers]


def _row(line: Line, lang: Lang) -> list[str]:
    words = _WORDS[lang]
    state = words["new"] if line.is_new else words[line.state]
    left = "" if line.days_left is None else f"{line.days_left:+.2f}"
    stage = getattr(STAGE_OF[line.stage], lang)
    return [line.dossier, line.unit, line.procedure, stage, state, line.due[:16], left, f"{line.points:.2f}",
            said_words(line, lang)]  # fmt: skip


def said_words(line: Line, lang: Lang) -> str:
    """What people said of it, in a line."""
    words = _WORDS[lang]
    parts = []
    if line.snoozed_until:
        parts.append(f"{words['snoozed']} {line.snoozed_until[:16]}")
    elif line.acknowledged:
        parts.append(words["acknowledged"])
    if line.post:
        parts.append(post_name(line.post, lang))
    if line.apologised:
        parts.append(words["apologised"])
    return "; ".join([*parts, *([line.note] if line.note else [])])


def gathered_table(found: LateList, lang: Lang) -> Table:
    """A row for each place where dossiers gather."""
    words = _WORDS[lang]
    states = ["soon", "today", "late", "paused", "new", "acknowledged"]
    titles = [words[found.by], words["name"], *(words[name] for name in states)]
    if found.by == "unit":
        titles.append(words["at_stake"])
    return titles, [_place(one, states, found.by, lang) for one in found.gathered]


def _place(one: Gathering, states: list[str], by: str, lang: Lang) -> list[str]:
    name = getattr(STAGE_OF[one.place], lang) if by == "stage" else one.name
    row = [one.place or "-", name, *(f"{getattr(one, state):,}" for state in states)]
    return row if one.at_stake is None else [*row, f"{one.at_stake:.2f}"]


def as_csv(found: LateList) -> str:
    """A line a dossier where codes are shown, else a line a place."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    form: type[msgspec.Struct] = Line if found.codes_shown else Gathering
    names = form.__struct_fields__
    writer.writerow(["run", "as_of", *names])
    for one in found.dossiers if found.codes_shown else found.gathered:
        writer.writerow(
            [found.run, found.as_of, *("" if (said := getattr(one, name)) is None else said for name in names)]
        )
    return text.getvalue()
