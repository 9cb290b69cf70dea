"""`motcua late` over a real Kafka: the list, what people say of it, and what they cannot say."""

import csv
import json
from collections.abc import Callable

import jsonschema
import pytest
from click.testing import CliRunner, Result

from dashboards.schemas import SCHEMAS
from simulators.workers import environment
from streams import topic_admin
from streams.cli import main
from streams.core.civil import MICROS, seconds
from streams.core.facts import Batch, Fact
from streams.definitions import base_rules
from streams.reading import RunReader
from streams.registers import register_of
from streams.schemas import text_of
from streams.settings import Settings
from tests.dashboards.stages_by_hand import write_outputs
from tests.streams.core.scenarios import at, clock

pytestmark = pytest.mark.integration
AS_OF = clock("10-19 08:00")  # Monday
DUE = {"H1-old": "10-12 17:00", "H1-new": "10-16 17:00", "H2-today": "10-19 17:00", "H2-soon": "10-20 17:00"}


def accepted(number: int, dossier: str, due: str) -> Fact:
    received = seconds(at("10-01 08:00")) + number
    said = {"unit": dossier[:2], "procedure": "P", "accepted": received, "due_first": seconds(at(due))}
    return Fact(dossier, "accepted", received, received * MICROS, dossier, said, (0, number, 0))


@pytest.fixture
def settings(settings_for: Callable[..., Settings], run_name: str) -> Settings:
    made = settings_for(run_name, partitions=2, list_codes=True)
    facts = [accepted(number, dossier, due) for number, (dossier, due) in enumerate(DUE.items())]
    topic_admin.create(made, made.run)
    write_outputs(made, [(0, Batch(AS_OF, facts, ["dossier-events/0"]))], AS_OF, base_rules(made), register_of(made))
    return made


def motcua(settings: Settings, *arguments: str, codes: bool = True) -> Result:
    shown = {"MOTCUA_LIST_CODES": "true" if codes else "false"}
    return CliRunner().invoke(main, ["late", *arguments], env=environment(settings, {}) | shown)


def listed(settings: Settings, *arguments: str) -> dict[str, dict[str, object]]:
    result = motcua(settings, "--json", *arguments)
    assert result.exit_code == 0, result.output
    whole = json.loads(result.stdout)
    [schema] = [one for one in SCHEMAS if one.file == "late.schema.json"]
    jsonschema.validate(whole, json.loads(text_of(schema)))
    return {line["dossier"]: line for line in whole["dossiers"]}


def test_the_list_and_what_people_say_of_it(settings: Settings) -> None:
    found = listed(settings)
    assert list(found) == ["H1-old", "H1-new", "H2-today", "H2-soon"]
    assert [line["state"] for line in found.values()] == ["late", "late", "today", "soon"]
    assert [line["days_left"] for line in found.values()] == [-4.06, -0.06, 0.94, 1.94]
    assert list(listed(settings, "--state", "new")) == ["H1-new"]
    assert list(listed(settings, "--unit", "H2", "--sort", "age")) == ["H2-today", "H2-soon"]
    rows = list(csv.DictReader(motcua(settings, "--csv").stdout.splitlines()))
    assert [row["dossier"] for row in rows] == list(found)

    assert motcua(settings, "ack", "H1-new").output == "H1-new: acknowledged\n"
    assert motcua(settings, "assign", "H1-new", "--post", "officer").exit_code == 0
    assert motcua(settings, "note", "H1-new", "chờ chữ ký", "--run", settings.run).exit_code == 0
    assert motcua(settings, "snooze", "H2-today", "H2-soon", "--until", "2026-10-19T12:00").exit_code == 0
    found = listed(settings)
    assert [line["acknowledged"] for line in found.values()] == [False, True, True, True]
    assert (found["H1-new"]["post"], found["H1-new"]["note"]) == ("officer", "chờ chữ ký")
    assert found["H2-soon"]["snoozed_until"] == "2026-10-19 12:00:00+07:00"
    assert listed(settings, "--state", "new") == {}
    assert "acknowledged; officer in charge; chờ chữ ký" in motcua(settings).stdout
    assert "đã ghi nhận; công chức thụ lý; chờ chữ ký" in motcua(settings, "--lang", "vi").stdout
    assert motcua(settings, "clear", "H1-new").exit_code == 0
    assert list(listed(settings, "--state", "new")) == ["H1-new"]


def test_what_cannot_be_said_is_refused_with_a_clear_word_and_writes_nothing(settings: Settings) -> None:
    with RunReader(settings) as reader:
        ends = reader.ends("acknowledgements")
    for arguments, word in [
        (("ack", "H1-old", "H9-gone"), "H9-gone is not on the watch list of run"),
        (("snooze", "H1-old", "--until", "2026-10-19T08:00"), "a snooze must end after"),
        (("assign", "H1-old", "--post", "nobody"), "there is no post 'nobody'"),
        (("note", "H1-old", "call 0912 345 678"), "not about whom"),
        (("clear", "H1-old"), "Nothing is said of H1-old"),
    ]:
        refused = motcua(settings, *arguments)
        assert refused.exit_code == 2
        assert word in refused.output
    assert motcua(settings, "--unit", "nowhere").exit_code == 2
    with RunReader(settings) as reader:
        assert reader.ends("acknowledgements") == ends


def test_without_the_setting_there_are_counts_and_no_codes(settings: Settings) -> None:
    for arguments in ((), ("--json",), ("--csv",), ("--by", "stage"), ("--by", "procedure", "--lang", "vi")):
        shown = motcua(settings, *arguments, codes=False).stdout
        assert shown
        assert not any(dossier in shown for dossier in DUE)
    rows = list(csv.DictReader(motcua(settings, "--csv", codes=False).stdout.splitlines()))
    assert {row["place"]: (row["late"], row["today"], row["soon"]) for row in rows} == {
        "H1": ("2", "0", "0"),
        "H2": ("0", "1", "1"),
    }


def test_the_forecast_says_by_when_which_how_far_it_was_off_and_what_becomes_of_the_month(settings: Settings) -> None:
    shown = motcua(settings, "--forecast", "--unit", "H2", "--json")
    assert shown.exit_code == 0, shown.output
    whole = json.loads(shown.stdout)
    [schema] = [one for one in SCHEMAS if one.file == "forecast.schema.json"]
    jsonschema.validate(whole, json.loads(text_of(schema)))
    [unit] = whole["units"]
    assert [day["day"] for day in unit["days"]] == [f"2026-10-{day}" for day in (19, 20, 21, 22, 23)]
    assert [one["dossier"] for one in unit["likeliest"]] == ["H2-today", "H2-soon"]
    chances = [one["chance"] for one in unit["likeliest"]]
    assert [round(day["late"], 1) for day in unit["days"]] == [
        pytest.approx(sum(chances[:days]), abs=0.06) for days in (1, 2, 2, 2, 2)
    ]
    assert unit["error"] is None  # it has been there for too short a time
    [on_time, _] = unit["index"]
    assert on_time["now"] == 20.0 > on_time["expected"]
    assert motcua(settings, "--forecast", "--csv").exit_code == 2
    hidden = motcua(settings, "--forecast", "--lang", "vi", codes=False).stdout
    assert "2 " in hidden
    assert not any(dossier in hidden for dossier in DUE)
