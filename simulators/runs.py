"""The runs beside the live one: what they are, and removing one whole."""

from __future__ import annotations

import shutil
from typing import NamedTuple

import msgspec
from kafka.errors import GroupIdNotFoundError, KafkaError, NonEmptyGroupError

from simulators.replay_record import ReplayRecord, load_record
from simulators.workers import run_folder
from streams import topic_admin
from streams.connection import admin_client
from streams.errors import MotcuaError
from streams.settings import Settings
from streams.topics import LIVE, TOPICS, parse_topic


class RunError(MotcuaError):
    """A run that cannot be removed; the text says why and what to do."""


class Run(NamedTuple):
    """One run that has topics, and what it replays, if it does."""

    name: str
    replay: ReplayRecord | None


class Removed(NamedTuple):
    """What was removed of a run: names of topics and of consumer groups, and folders on this machine."""

    topics: tuple[str, ...]
    groups: tuple[str, ...]
    folders: tuple[str, ...]


def runs(settings: Settings) -> list[Run]:
    """Every run found by its topics, the live one first."""
    found = []
    for name in topic_admin.runs(settings):
        replay = None if name == LIVE else load_record(msgspec.structs.replace(settings, run=name))
        found.append(Run(name, replay))
    return found


def remove(settings: Settings) -> Removed:
    """Remove the run of the settings: its consumer groups, topics and files on this machine; not while it works."""
    if settings.run == LIVE:
        raise RunError("The run `live` holds the real events and is never removed by this command.")
    groups = _groups(settings)
    _remove_groups(settings, groups)
    topics = topic_admin.remove(settings, settings.run)
    folders = []
    for folder in (run_folder(settings), settings.data / "imports" / settings.run):
        if folder.is_dir():
            shutil.rmtree(folder)
            folders.append(str(folder))
    return Removed(topics, tuple(groups), tuple(folders))


def _groups(settings: Settings) -> list[str]:
    """Groups that have committed offsets in, or are reading, topics of the run and of no other."""
    admin = admin_client(settings)
    try:
        names = [group["group_id"] for group in admin.list_groups()]
        offsets = admin.list_group_offsets(dict.fromkeys(names)) if names else {}
    except KafkaError as error:
        raise _failed(settings, str(error)) from error
    finally:
        admin.close()
    found = []
    for name, committed in offsets.items():
        of_runs = {parsed[0] for place in committed if (parsed := parse_topic(place.topic)) is not None}
        if of_runs == {settings.run}:
            found.append(name)
    return sorted(found)


def _remove_groups(settings: Settings, groups: list[str]) -> None:
    if not groups:
        return
    admin = admin_client(settings)
    try:
        answers = admin.delete_groups(groups)
    except KafkaError as error:
        raise _failed(settings, str(error)) from error
    finally:
        admin.close()
    if busy := [name for name, answer in answers.items() if answer == NonEmptyGroupError.__name__]:
        raise RunError(
            f"Workers of run {settings.run} are still at work (group {', '.join(busy)}): stop them, then remove it."
        )
    fine = ("OK", GroupIdNotFoundError.__name__)
    if failures := [f"{name}: {answer}" for name, answer in answers.items() if answer not in fine]:
        raise _failed(settings, "; ".join(failures))


def _failed(settings: Settings, why: str) -> RunError:
    return RunError(
        f"Kafka could not remove the consumer groups of run {settings.run}: {why}. Nothing of its "
        f"{len(TOPICS)} topics was removed; the same command again tries once more."
    )
