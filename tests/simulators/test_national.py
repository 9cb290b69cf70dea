"""The national messages against the native events of the same world."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from simulators.national import AT_ONCE, snapshot
from simulators.scenarios import scenario_named
from simulators.sent import RECORD, SYNC, Item
from simulators.simulation import Simulation, simulation
from tests.simulators.worlds import PROVINCE, REGISTER, START

PERSONAL = {"ChuHoSo", "SoGiayToChuHoSo", "Email", "SoDienThoai", "DinhDanhCHS", "NguoiXuLy"}


def world(
    dirt: dict[str, float] | None = None, name: str = "normal-fortnight", units: int = 2, days: int = 8
) -> Simulation:
    scenario = scenario_named(name)
    return simulation(scenario, 1, REGISTER, PROVINCE, units, start=START, days=days, dirt=dirt or {}, national=True)


def messages(items: list[Item]) -> list[dict[str, Any]]:
    return [json.loads(item.what) for item in items if item.topic == SYNC and not item.reason]  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def clean() -> list[Item]:
    return list(world().items())


def test_the_last_snapshot_of_each_dossier_is_what_became_of_it(clean: list[Item]) -> None:
    last: dict[str, dict[str, Any]] = {}
    for message in messages(clean):
        if message["service"] == "DongBoHoSoMC":
            last |= {one["MaHoSo"]: one for one in message["data"]}
    dossiers = {one.dossier.code: one.dossier for one in world().told()}
    assert last == {code: snapshot(dossier) for code, dossier in dossiers.items()}
    states = Counter(one["TrangThaiHoSo"] for one in last.values())
    assert set(states) >= {"1", "2", "4", "5", "9", "10"}
    assert all(len(one["NgayNopHoSo"]) == 14 for one in last.values())


def test_every_step_is_a_message_of_its_own(clean: list[Item]) -> None:
    steps = [message for message in messages(clean) if message["service"] == "CapNhatTienDoHoSoMC"]
    told = [one for one in world().told() if type(one.event).__name__ == "Step"]
    assert sorted(step["data"][0]["MaHoSo"] for step in steps) == sorted(one.dossier.code for one in told)


def test_dossiers_come_in_arrays_and_again_when_they_change(clean: list[Item]) -> None:
    sizes = Counter[str]()
    for message in messages(clean):
        assert 1 <= len(message["data"]) <= AT_ONCE
        sizes[message["isUpdating"]] += len(message["data"])
    assert sizes["True"] > sizes["False"] > 0
    assert max(len(message["data"]) for message in messages(clean)) > 3


def test_nothing_personal_is_in_them_without_the_dirt_of_that_name(clean: list[Item]) -> None:
    fields = {name for message in messages(clean) for one in message["data"] for name in one}
    assert not fields & PERSONAL
    soiled = messages(list(world({"personal": 0.1}).items()))
    assert {name for message in soiled for one in message["data"] for name in one} - fields == PERSONAL


def test_dirty_messages_say_the_same_in_the_end() -> None:
    items = list(world({"malformed": 0.1, "duplicated": 0.1, "out_of_order": 0.1, "outage": 0.2}).items())
    kinds = {item.dirt for item in items if item.topic == SYNC}
    assert kinds == {"", "malformed", "duplicated", "out_of_order", "outage"}
    whole = {json.dumps(message) for message in messages(items)}
    assert whole == {json.dumps(message) for message in messages(list(world().items()))}
    assert sum(bool(item.reason) for item in items if item.topic == SYNC) > 10


def test_they_come_in_the_order_of_sending_and_a_silent_source_sends_none() -> None:
    played = world(name="source-silent", units=8, days=9)
    items = [item for item in played.items() if item.topic == SYNC]
    assert [item.when for item in items] == sorted(item.when for item in items)
    silent = {one.unit: one for one in played.incidents}
    assert silent
    for item in items:
        incident = silent.get(item.unit)
        assert incident is None or not incident.begins <= item.when < incident.ends


def test_the_truth_is_that_of_the_native_events() -> None:
    native = simulation(scenario_named("normal-fortnight"), 1, REGISTER, PROVINCE, 2, start=START, days=8)
    meant = [{str(one.what) for one in each.items(truth=True) if one.dirt == RECORD} for each in (native, world())]
    assert meant[0] == meant[1] != set()
