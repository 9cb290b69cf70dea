"""`motcua dashboards push` against a server that answers as Grafana's documented API does, well and badly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dashboards.grafana.boards import boards
from dashboards.grafana.grafana_http import Grafana, GrafanaFailed
from dashboards.grafana.notes import Note, restatement_notes, write_notes
from dashboards.grafana.pushing import differences
from streams.cli import main
from streams.core.civil import Civil, micros
from streams.core.history import Restatement
from streams.core.told import NOTHING
from tests.dashboards.grafana.grafana_server import TOKEN, FakeGrafana, served

SOURCE = "http://prometheus:9090"
UIDS = {board.uid for board in boards()}


@pytest.fixture
def grafana() -> Iterator[FakeGrafana]:
    held = FakeGrafana()
    with served(held):
        yield held


def push(grafana: FakeGrafana, *arguments: str, token: str = TOKEN) -> Result:
    words = ["dashboards", "push", "--url", grafana.url, *arguments]
    return CliRunner().invoke(main, words, env={"GRAFANA_TOKEN": token})


def test_everything_is_created_once_and_a_second_push_changes_nothing(grafana: FakeGrafana) -> None:
    first = push(grafana, "--source-url", SOURCE)
    assert first.exit_code == 0, first.output
    assert set(grafana.boards) == UIDS
    assert grafana.folders["motcua"]["title"] == "Một cửa"
    assert grafana.sources["prometheus"]["url"] == SOURCE
    assert all(held["folderUid"] == "motcua" for held in grafana.boards.values())
    grafana.asked.clear()
    second = push(grafana, "--source-url", SOURCE)
    assert second.exit_code == 0, second.output
    assert grafana.writes == []
    assert second.output.count("unchanged") == len(UIDS) + 2


def test_a_dry_run_says_the_same_and_writes_nothing(grafana: FakeGrafana) -> None:
    done = push(grafana, "--dry-run", "--source-url", SOURCE)
    assert done.exit_code == 0
    assert done.output.count("would be created") == len(UIDS) + 2
    assert grafana.writes == []


def test_what_we_change_is_updated_and_each_difference_is_said(grafana: FakeGrafana) -> None:
    assert push(grafana).exit_code == 0
    done = push(grafana, "--language", "en")
    assert done.exit_code == 0, done.output
    assert done.output.count("updated") == len(UIDS)
    assert 'title: "Một cửa: bảng tường" → "One-stop: wall board"' in done.output
    assert {held["dashboard"]["version"] for held in grafana.boards.values()} == {2}


@pytest.mark.parametrize("old_versions", [True, False], ids=["Grafana 11", "Grafana 12"])
def test_a_board_that_somebody_changed_is_named_and_kept_until_forced(grafana: FakeGrafana, old_versions: bool) -> None:
    grafana.old_versions = old_versions
    assert push(grafana).exit_code == 0
    grafana.change_by_hand("motcua-wall", "Bảng của tôi")
    grafana.asked.clear()
    kept = push(grafana)
    assert kept.exit_code == 2
    assert "kept: changed by hand" in kept.output
    assert 'title: "Bảng của tôi" → "Một cửa: bảng tường"' in kept.output
    assert "--force" in kept.output
    assert grafana.writes == []
    assert push(grafana, "--force").exit_code == 0
    assert grafana.boards["motcua-wall"]["dashboard"]["title"] == "Một cửa: bảng tường"
    assert push(grafana).exit_code == 0


def test_a_board_of_somebody_else_under_our_name_is_kept_too(grafana: FakeGrafana) -> None:
    grafana.folders["motcua"] = {"uid": "motcua", "title": "Một cửa"}
    theirs = {"dashboard": {"uid": "motcua-wall", "title": "x", "id": 1, "version": 3}, "folderUid": "motcua"}
    grafana.boards["motcua-wall"] = {**theirs, "versions": [{"version": 3, "message": "mine"}]}
    assert push(grafana).exit_code == 2
    assert grafana.boards["motcua-wall"]["dashboard"]["title"] == "x"
    assert set(grafana.boards) == UIDS


def test_a_data_source_keeps_what_we_do_not_speak_of(grafana: FakeGrafana) -> None:
    assert push(grafana, "--source-url", "http://old:9090").exit_code == 0
    grafana.sources["prometheus"]["jsonData"]["exemplars"] = True
    done = push(grafana, "--source-url", SOURCE)
    assert f'url: "http://old:9090" → "{SOURCE}"' in done.output
    assert grafana.sources["prometheus"]["url"] == SOURCE
    assert grafana.sources["prometheus"]["jsonData"]["exemplars"] is True
    grafana.asked.clear()
    assert push(grafana).exit_code == 0
    assert not [path for _, path in grafana.asked if "datasources" in path]


def test_somebody_who_saves_between_our_look_and_our_write_is_not_overwritten(grafana: FakeGrafana) -> None:
    assert push(grafana).exit_code == 0
    grafana.fail["POST", "/api/dashboards/db"] = 412
    done = push(grafana, "--language", "en")
    assert done.exit_code == 2
    assert "412" in done.output
    assert "run this again" in done.output


FAILURES: tuple[tuple[tuple[str, str], int | str, str], ...] = (
    (("GET", "/api/folders"), 401, "token is wrong or has expired"),
    (("POST", "/api/folders"), 403, "role Editor"),
    (("POST", "/api/dashboards"), 404, "Is the address right"),
    (("POST", "/api/folders"), 409, "under another uid"),
    (("POST", "/api/datasources"), 409, "under another uid"),
    (("POST", "/api/dashboards"), 400, "Grafana older than 11"),
    (("POST", "/api/dashboards"), 500, "log says more"),
    (("GET", "/api/folders"), "html 502", "does not speak as Grafana"),
    (("GET", "/api/folders"), "html", "does not speak as Grafana"),
    (("GET", "/api/folders"), "list", "does not speak as Grafana"),
    (("GET", "/api/health"), "html", "does not speak as Grafana"),
    (("GET", "/api/health"), "list", "is no Grafana"),
    (("GET", "/api/folders"), "slow", "within 0.3 s"),
    (("GET", "/api/folders"), "hang up", "No Grafana answers"),
)


@pytest.mark.parametrize(("where", "how", "words"), FAILURES, ids=[f"{one[0]} {one[1]}" for one in FAILURES])
def test_each_failure_says_what_to_do_and_never_the_token(
    grafana: FakeGrafana, where: tuple[str, str], how: int | str, words: str
) -> None:
    grafana.fail[where] = how
    done = push(grafana, "--timeout", "0.3", "--source-url", SOURCE)
    assert done.exit_code == 2, done.output
    assert words in done.output
    assert TOKEN not in done.output
    assert "Traceback" not in done.output
    assert done.exception is None or TOKEN not in repr(done.exception)


def test_a_wrong_token_is_refused_and_not_shown(grafana: FakeGrafana) -> None:
    done = push(grafana, token="glsa_wrong_999")
    assert done.exit_code == 2
    assert "401" in done.output
    assert "glsa_wrong_999" not in done.output


def test_the_token_comes_from_a_file_or_the_variable_and_a_missing_one_is_said(
    grafana: FakeGrafana, tmp_path: Path
) -> None:
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n", encoding="utf-8")
    assert push(grafana, "--token-file", str(file), token="").exit_code == 0
    assert "--token-file" in push(grafana, token="").output
    assert "cannot be read" in push(grafana, "--token-file", str(tmp_path / "none"), token="").output
    file.write_text("", encoding="utf-8")
    assert "empty" in push(grafana, "--token-file", str(file), token="").output


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("grafana.example.vn", "is no address"),
        ("ftp://grafana", "is no address"),
        ("http://admin:secret@127.0.0.1", "Leave user"),
        ("http://127.0.0.1:1", "No Grafana answers"),
    ],
)
def test_an_address_that_cannot_be_is_refused_in_words(url: str, words: str) -> None:
    done = CliRunner().invoke(main, ["dashboards", "push", "--url", url], env={"GRAFANA_TOKEN": TOKEN})
    assert done.exit_code == 2
    assert words in done.output
    assert "secret" not in done.output


def test_a_grafana_below_a_path_is_reached_there() -> None:
    held = FakeGrafana()
    with served(held, "/grafana/"):
        done = push(held)
    assert done.exit_code == 2
    assert held.asked == [("GET", "/grafana/api/health")]


def test_notes_are_written_once_with_the_tags_by_which_boards_choose_them(grafana: FakeGrafana) -> None:
    said: list[str] = []
    api = Grafana(grafana.url, TOKEN, 5)
    notes = [Note("replay-1", "replay-a", 1_000_000, 9_000_000, "replay-1: recording x")]
    assert write_notes(api, notes, said.append, dry_run=True) == 1
    assert grafana.notes == []
    assert write_notes(api, notes * 2, said.append, dry_run=False) == 1
    assert write_notes(api, notes, said.append, dry_run=False) == 0
    (note,) = grafana.notes
    assert (note["time"], note["timeEnd"]) == (1000, 9000)
    assert {"motcua", "run:replay-1"} <= set(note["tags"])


def test_what_was_restated_is_one_note_a_period_and_day_at_the_end_of_the_day() -> None:
    def restated(unit: str, indicator: str, period: str = "2026-10") -> Restatement:
        return Restatement(unit, period, indicator, "2026-11-04", "qd766-2026", NOTHING, NOTHING, 1)

    zone = Civil("Asia/Ho_Chi_Minh")
    held = [restated("A", "2.1"), restated("B", "2.1"), restated("A", "3.3"), restated("A", "2.1", "2026-W44")]
    month, week = restatement_notes("live", held, zone)
    assert "2026-10" in month.text
    assert "2 đơn vị / units, 2.1, 3.3" in month.text
    assert month.start == month.end == micros(datetime(2026, 11, 5, tzinfo=zone.zone))
    assert month.key != week.key


def test_a_strange_answer_to_notes_is_a_known_error(grafana: FakeGrafana) -> None:
    grafana.fail["GET", "/api/annotations"] = 200
    with pytest.raises(GrafanaFailed, match="does not speak"):
        write_notes(Grafana(grafana.url, TOKEN, 5), [], print, dry_run=False)


def test_differences_name_the_place_and_both_values() -> None:
    old = {"a": [1, 2], "b": {"c": "x"}, "gone": 1}
    new = {"a": [1, 3], "b": {"c": "x", "d": 2}, "e": [1]}
    assert list(differences(old, new)) == ["a[1]: 2 → 3", "b.d: new", "e: new", "gone: no longer there"]
    assert list(differences([1], [1, 2], "p")) == ["p: 1 → 2"]
    assert all(re.search(r"…$", line) for line in differences("x" * 90, "y" * 90, "p"))
