"""What can be set: one record a setting, said once for the loader, `motcua settings` and the documents.

To add a setting: one record here, one field in `streams.settings.Settings`, one test.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

Value = str | int | float | bool | Path | tuple[str, ...] | None
Reader = Callable[[object], Value]
SCORES = ("promised", "current")
Derived = Callable[[Mapping[str, str], Mapping[str, Value]], Value]


@dataclass(frozen=True)
class Setting:
    """One setting.

    `read` turns what a file or a variable holds into the value, or raises `ValueError` with what would be right.
    `derived` computes the default from the environment and the settings above it in the catalogue.
    """

    name: str
    group: str
    read: Reader
    default: Value
    meaning: str
    unit: str = ""
    secret: bool = False
    derived: Derived | None = None
    derived_words: str = ""

    def default_for(self, environ: Mapping[str, str], above: Mapping[str, Value]) -> Value:
        """The value in force when neither file nor variable says anything."""
        return self.derived(environ, above) if self.derived is not None else self.default


def read_value(setting: Setting, raw: object) -> Value:
    """Return the value that `raw` stands for; raise `ValueError` saying what would be right."""
    return setting.read(raw)


def _text(raw: object) -> str:
    if not isinstance(raw, str) or not raw.strip():
        raise ValueError("write a text that is not empty")
    return raw


def _path(raw: object) -> Path:
    return Path(_text(raw)).expanduser()


def _switch(raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    words = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    if isinstance(raw, str) and raw.lower() in words:
        return words[raw.lower()]
    raise ValueError("write true or false")


def one_of(*allowed: str) -> Reader:
    """Accept one of a few words, in any case."""

    def read(raw: object) -> str:
        for word in allowed:
            if isinstance(raw, str) and raw.lower() == word.lower():
                return word
        near = difflib.get_close_matches(str(raw).upper(), [w.upper() for w in allowed], n=1)
        hint = f"; the nearest is {near[0]}" if near else ""
        raise ValueError(f"write one of {', '.join(allowed)}{hint}")

    return read


def whole(low: int, high: int, *, or_minus_one: bool = False) -> Reader:
    """Accept a whole number from low to high, and -1 where that means "without limit"."""
    also = ", or -1 for without limit" if or_minus_one else ""
    advice = f"write a whole number from {low} to {high}{also}"

    def read(raw: object) -> int:
        if isinstance(raw, bool) or not isinstance(raw, (int, str)):
            raise ValueError(advice)
        try:
            number = int(raw)
        except ValueError:
            raise ValueError(advice) from None
        if low <= number <= high or (or_minus_one and number == -1):
            return number
        raise ValueError(advice)

    return read


def number(low: float, high: float) -> Reader:
    """Accept a finite number from low to high."""
    advice = f"write a number from {low:g} to {high:g}"

    def read(raw: object) -> float:
        if isinstance(raw, bool) or not isinstance(raw, (int, float, str)):
            raise ValueError(advice)
        try:
            value = float(raw)
        except ValueError:
            raise ValueError(advice) from None
        if not math.isfinite(value) or not low <= value <= high:
            raise ValueError(advice)
        return value

    return read


def _zone(raw: object) -> str:
    known = available_timezones()
    if isinstance(raw, str) and raw in known:
        ZoneInfo(raw)
        return raw
    near = difflib.get_close_matches(str(raw), sorted(known), n=3, cutoff=0.5)
    hint = f"; near ones are {', '.join(near)}" if near else ""
    raise ValueError(f"write the name of a zone in the IANA data base, such as Asia/Ho_Chi_Minh{hint}")


_HOST_PORT = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):(\d{1,5})")


def _brokers(raw: object) -> tuple[str, ...]:
    parts = raw.split(",") if isinstance(raw, str) else raw
    advice = "write host:port, several separated by commas, such as 127.0.0.1:9092"
    if not isinstance(parts, (list, tuple)) or not parts:
        raise ValueError(advice)
    names = tuple(part.strip() if isinstance(part, str) else "" for part in parts)
    for name in names:
        match = _HOST_PORT.fullmatch(name)
        if match is None or not 0 < int(match[1]) < 65536:
            raise ValueError(f"{name!r} is not a broker; {advice}")
    return names


RUN = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


def _run(raw: object) -> str:
    if isinstance(raw, str) and RUN.fullmatch(raw):
        return raw
    raise ValueError("write 1 to 40 small letters a-z, digits and hyphens, beginning with a letter or digit")


def _min_insync(_: Mapping[str, str], above: Mapping[str, Value]) -> Value:
    replication = above["replication"]
    return 2 if isinstance(replication, int) and replication >= 3 else 1


def _data(environ: Mapping[str, str], _: Mapping[str, Value]) -> Value:
    base = environ.get("XDG_DATA_HOME", "")
    return (Path(base) if base else Path(environ.get("HOME", "~")).expanduser() / ".local" / "share") / "motcua"


def _connection() -> tuple[Setting, ...]:
    group = "connection"
    protocols = one_of("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL")
    mechanisms = one_of("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")
    codecs = one_of("zstd", "lz4", "gzip", "none")
    return (
        Setting("brokers", group, _brokers, ("127.0.0.1:9092",), "Kafka brokers to ask first", "host:port, …"),
        Setting("security_protocol", group, protocols, "PLAINTEXT", "PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL"),
        Setting("ssl_cafile", group, _path, None, "Certificates (PEM) of the authority that signed the brokers'"),
        Setting("ssl_certfile", group, _path, None, "Our own certificate (PEM), where brokers ask for one"),
        Setting("ssl_keyfile", group, _path, None, "Key (PEM) of our own certificate"),
        Setting("sasl_mechanism", group, mechanisms, "SCRAM-SHA-512", "PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512"),
        Setting("sasl_username", group, _text, None, "User name at the brokers"),
        Setting("sasl_password", group, _text, None, "Password at the brokers; better in a file", secret=True),
        Setting("sasl_password_file", group, _path, None, "File that holds nothing but the password"),
        Setting("compression", group, codecs, "zstd", "How messages are packed: zstd, lz4, gzip or none"),
        Setting("embedded", group, _switch, False, "The broker is the demo's embedded one, which cannot create topics"),
    )


def _kept(what: str, hours: int, words: str) -> Setting:
    return Setting(f"retention_{what}_h", "topics", whole(1, 1_000_000, or_minus_one=True), hours, words, "h")


def _topics() -> tuple[Setting, ...]:
    group = "topics"
    return (
        Setting("run", group, _run, "live", "Name of the run; each run has its own topics, group and state"),
        Setting("partitions", group, whole(1, 1000), 12, "Partitions of the topics that share the work"),
        Setting("replication", group, whole(1, 9), 1, "Copies of every topic; 3 where there are three brokers"),
        Setting(
            "min_insync",
            group,
            whole(1, 9),
            None,
            "Copies that must hold a message before it counts as written",
            derived=_min_insync,
            derived_words="2 when replication is 3 or more, else 1",
        ),
        _kept("dossier_events", 168, "How long dossier-events keeps messages; -1 is without limit"),
        _kept(
            "statements",
            168,
            "How long procedures and declarations keep messages (what they said stays); -1 is without limit",
        ),
        _kept(
            "dossier_facts",
            -1,
            "How long dossier-facts keeps facts: how far back --as-of and explain reach; -1 is without limit",
        ),
    )


def _meaning_of_figures() -> tuple[Setting, ...]:
    group = "figures"
    return (
        Setting("zone", group, _zone, "Asia/Ho_Chi_Minh", "Civil zone in which days and months are counted"),
        Setting(
            "units", group, _path, None, "Register of units (CSV)", derived_words="Viet Nam's, shipped with the package"
        ),
        Setting(
            "calendar",
            group,
            _path,
            None,
            "Working calendar: a file (CSV), the name of a shipped one, or none",
            derived_words="Viet Nam's where the zone is Viet Nam's, else none",
        ),
        Setting("limits", group, _path, None, "Limits of procedures: a file (CSV), the name of a shipped one, or none"),
        Setting(
            "targets", group, _path, None, "What units should reach (CSV): alerts say who is below; see docs/alerts.md"
        ),
        Setting("scores", group, one_of(*SCORES), SCORES[0], "Due date that scores: as promised, or as extended"),
        Setting(
            "warning_share",
            group,
            number(0, 1),
            0.2,
            "An open dossier is due soon in this last share of its working time",
        ),
        Setting(
            "warning_min_days",
            group,
            number(0, 1000),
            1.0,
            "… and at least for so many working days before it is due, where there is a calendar",
            "working days",
        ),
        Setting(
            "warning_min_h", group, number(0, 10_000), 24.0, "… and at least for this long before it is due, else", "h"
        ),
        Setting(
            "list_codes", group, _switch, False, "Lists of late dossiers show their codes; else they show counts alone"
        ),
        Setting(
            "max_ahead_s", group, number(0, 1e7), 3600.0, "A fact further ahead of the clock than this is rejected", "s"
        ),
    )


def _working() -> tuple[Setting, ...]:
    group = "worker"
    return (
        Setting(
            "session_timeout_s", group, number(1, 1800), 20.0, "A worker silent for so long loses its partitions", "s"
        ),
        Setting("heartbeat_s", group, number(0.1, 600), 2.0, "How often a worker shows that it lives", "s"),
        Setting("commit_interval_ms", group, whole(1, 10_000), 20, "How often changed state is made durable", "ms"),
        Setting(
            "publish_interval_ms", group, whole(1, 60_000), 100, "How often changed tallies and index are sent", "ms"
        ),
        Setting(
            "watchdog_s", group, number(1, 3600), 30.0, "A worker with work but no progress ends itself after this", "s"
        ),
        Setting("http_host", group, _text, "127.0.0.1", "Address for /metrics and health; loopback unless changed"),
        Setting("http_port", group, whole(0, 65535), 6067, "Port for /metrics and health; 0 takes any free one"),
        Setting(
            "data",
            group,
            _path,
            None,
            "Folder for what must survive a restart on this machine",
            derived=_data,
            derived_words="$XDG_DATA_HOME/motcua, else ~/.local/share/motcua",
        ),
    )


SETTINGS: tuple[Setting, ...] = (*_connection(), *_topics(), *_meaning_of_figures(), *_working())
BY_NAME: Mapping[str, Setting] = {setting.name: setting for setting in SETTINGS}
