"""Every setting of a worker or a command: loaded once, checked at once, never changed afterwards.

A value comes from the default, a TOML file, or a variable `MOTCUA_<NAME>`, the later winning. What a setting means is
said in `SETTINGS` and nowhere else: `motcua settings`, the documents and the error texts all read it there.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from streams.errors import SettingsError
from streams.settings_catalogue import BY_NAME, SETTINGS, Setting, Value, read_value

PREFIX = "MOTCUA_"
FILE_VARIABLE = "MOTCUA_SETTINGS"
MASK = "********"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The settings in force. Meaning, unit and default of each field: `streams.settings_catalogue.SETTINGS`."""

    brokers: tuple[str, ...]
    security_protocol: str
    ssl_cafile: Path | None
    ssl_certfile: Path | None
    ssl_keyfile: Path | None
    sasl_mechanism: str
    sasl_username: str | None
    sasl_password: str | None
    sasl_password_file: Path | None
    compression: str
    embedded: bool
    run: str
    partitions: int
    replication: int
    min_insync: int
    retention_dossier_events_h: int
    retention_statements_h: int
    retention_dossier_facts_h: int
    zone: str
    units: Path | None
    calendar: Path | None
    limits: Path | None
    targets: Path | None
    scores: str
    warning_share: float
    warning_min_days: float
    warning_min_h: float
    list_codes: bool
    max_ahead_s: float
    session_timeout_s: float
    heartbeat_s: float
    commit_interval_ms: int
    publish_interval_ms: int
    watchdog_s: float
    http_host: str
    http_port: int
    data: Path

    @property
    def civil_zone(self) -> ZoneInfo:
        """The zone in which days, months and office hours are counted."""
        return ZoneInfo(self.zone)

    def __repr__(self) -> str:
        """Never show a secret, so that a settings object may appear in a log or a traceback."""
        return f"Settings({', '.join(f'{s.name}={shown(s, getattr(self, s.name))}' for s in SETTINGS)})"


@dataclass(frozen=True)
class Origin:
    """Where a value came from, in words: `default`, `file <path>` or `variable <NAME>`."""

    words: str


@dataclass(frozen=True)
class Loaded:
    """Settings together with the origin of each value."""

    settings: Settings
    origins: Mapping[str, Origin]


DEFAULT = Origin("default")


def load(environ: Mapping[str, str], file: Path | None = None) -> Settings:
    """Return the settings in force; raise `SettingsError` on the first thing that is wrong."""
    return load_with_origins(environ, file).settings


def load_with_origins(environ: Mapping[str, str], file: Path | None = None) -> Loaded:
    """Like `load`, and also say where each value came from."""
    path = file if file is not None else _file_named_in(environ)
    given: dict[str, tuple[object, Origin]] = {}
    if path is not None:
        origin = Origin(f"file {path}")
        given.update((key, (value, origin)) for key, value in _read_file(path).items())
    given.update(_from_variables(environ))
    values: dict[str, Value] = {}
    origins: dict[str, Origin] = {}
    for setting in SETTINGS:
        if setting.name in given:
            raw, origins[setting.name] = given[setting.name]
            values[setting.name] = _checked(setting, raw, origins[setting.name])
        else:
            values[setting.name], origins[setting.name] = setting.default_for(environ, values), DEFAULT
    settings = msgspec.convert(values, Settings, strict=True)
    _check_together(settings, origins)
    return Loaded(_with_password_from_file(settings, origins), origins)


def variable(setting: Setting) -> str:
    """The environment variable that sets it."""
    return PREFIX + setting.name.upper()


def shown(setting: Setting, value: object) -> str:
    """The value as text for people; a secret is masked."""
    if value is None:
        return "-"
    if setting.secret:
        return MASK
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _file_named_in(environ: Mapping[str, str]) -> Path | None:
    named = environ.get(FILE_VARIABLE, "")
    return Path(named) if named else None


def _read_file(path: Path) -> dict[str, object]:
    try:
        with path.open("rb") as stream:
            content = tomllib.load(stream)
    except OSError as error:
        raise SettingsError(
            f"The settings file {path} cannot be read: {error.strerror}. "
            f"Correct the path (variable {FILE_VARIABLE} or option --settings) or the rights of the file."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(
            f'The settings file {path} is not valid TOML: {error}. Write one setting a line, for example run = "live".'
        ) from error
    for key in content:
        if key not in BY_NAME:
            raise _unknown(key, f"file {path}", [s.name for s in SETTINGS])
    return content


def _from_variables(environ: Mapping[str, str]) -> dict[str, tuple[str, Origin]]:
    by_variable = {variable(setting): setting.name for setting in SETTINGS}
    found: dict[str, tuple[str, Origin]] = {}
    for name, text in environ.items():
        if not name.startswith(PREFIX) or name == FILE_VARIABLE:
            continue
        if name not in by_variable:
            raise _unknown(name, "the environment", [*by_variable, FILE_VARIABLE])
        found[by_variable[name]] = (text, Origin(f"variable {name}"))
    return found


def _unknown(name: str, where: str, known: list[str]) -> SettingsError:
    bare = {full.removeprefix(PREFIX).lower(): full for full in known}
    near = [bare[k] for k in difflib.get_close_matches(name.removeprefix(PREFIX).lower(), list(bare), n=2, cutoff=0.6)]
    advice = f"Did you mean {' or '.join(near)}?" if near else "`motcua settings` lists the known names."
    return SettingsError(f"Unknown setting {name} in {where}. {advice}")


def _checked(setting: Setting, raw: object, origin: Origin) -> Value:
    try:
        return read_value(setting, raw)
    except ValueError as error:
        value = MASK if setting.secret else repr(raw)
        raise SettingsError(f"Setting {setting.name} from {origin.words} is {value}: {error}") from error


def _check_together(settings: Settings, origins: Mapping[str, Origin]) -> None:
    for wrong, name, advice in _contradictions(settings):
        if wrong:
            value = shown(BY_NAME[name], getattr(settings, name))
            raise SettingsError(f"Setting {name} from {origins[name].words} is {value}: {advice}")


def _contradictions(s: Settings) -> tuple[tuple[bool, str, str], ...]:
    sasl = s.security_protocol.startswith("SASL")
    return (
        (s.min_insync > s.replication, "min_insync", f"at most replication, which is {s.replication}"),
        (
            s.heartbeat_s * 3 > s.session_timeout_s,
            "heartbeat_s",
            f"at most a third of session_timeout_s, which is {s.session_timeout_s}",
        ),
        (sasl and not s.sasl_username, "security_protocol", "needs sasl_username"),
        (
            sasl and s.sasl_password is None and s.sasl_password_file is None,
            "security_protocol",
            "needs sasl_password_file or sasl_password",
        ),
        (
            s.sasl_password is not None and s.sasl_password_file is not None,
            "sasl_password_file",
            "set either this or sasl_password, not both",
        ),
        (s.ssl_keyfile is not None and s.ssl_certfile is None, "ssl_keyfile", "needs ssl_certfile beside it"),
        (
            s.security_protocol == "PLAINTEXT" and s.sasl_username is not None,
            "sasl_username",
            "a user name is only sent with security_protocol SASL_SSL or SASL_PLAINTEXT",
        ),
    )


def _with_password_from_file(settings: Settings, origins: Mapping[str, Origin]) -> Settings:
    path = settings.sasl_password_file
    if path is None:
        return settings
    try:
        password = path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise SettingsError(
            f"Setting sasl_password_file from {origins['sasl_password_file'].words} is {path}: cannot be read, {reason}"
        ) from error
    if not password:
        raise SettingsError(
            f"Setting sasl_password_file from {origins['sasl_password_file'].words} is {path}: the file is empty"
        )
    return msgspec.structs.replace(settings, sasl_password=password)
