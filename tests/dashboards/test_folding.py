import random
from itertools import pairwise
from pathlib import Path

import pytest

from dashboards.digests import digest_of
from dashboards.folding import Counts, Folded, figures_at, fold_run, gather
from streams.core.cells import CellUpdate
from streams.core.digest import watched_of
from streams.core.facts import Batch
from streams.core.partition import Partition
from streams.core.tallies import Totals
from streams.core.uses import UseUpdate
from tests.dashboards.boston import (
    DATA,
    REGISTER,
    RULES,
    SAMPLE,
    WHOLE,
    at,
    batches,
    facts,
    rows,
)

AS_OF = rows(DATA / "boston311-expected-as-of.csv")
BY_UNIT = rows(DATA / "boston311-expected-by-unit.csv")
INSTANTS = [row["asof_T"] for row in AS_OF]
# The whole file is not part of the project; where it is not there, the sample is counted in another way instead.
FILES = [SAMPLE, *([WHOLE] if WHOLE.is_file() else [])]


def figures(counts: Counts) -> dict[str, int]:
    def of(*names: str) -> int:
        return sum(counts.get(name, 0) for name in names)

    return {
        "received<T": of("received"),
        "closed<T": of("ended"),
        "closed_on_time": of("on_time"),
        "closed_late": of("late"),
        "closed_no_due": of("ended_no_due"),
        "open": of("open_within", "open_overdue", "open_no_due"),
        "open_overdue(due<T)": of("open_overdue"),
        "open_not_due": of("open_within"),
        "open_no_due": of("open_no_due"),
        "online_received": of("online"),
    }


def counted_by_hand(path: Path, instant: str) -> dict[str, int]:
    """The same figures from the rows themselves, as texts: times without zone compare as they stand."""
    found = dict.fromkeys(figures({}), 0)
    for row in rows(path):
        if row["received"] >= instant:
            continue
        due, closed = row["due"], row["closed"] if row["closed"] and row["closed"] < instant else ""
        found["received<T"] += 1
        found["online_received"] += row["channel"] in {"Self Service", "Citizens Connect App", "Twitter"}
        found["closed<T" if closed else "open"] += 1
        if closed:
            name = "closed_no_due" if not due else "closed_on_time" if closed <= due else "closed_late"
        else:
            name = "open_no_due" if not due else "open_overdue(due<T)" if due < instant else "open_not_due"
        found[name] += 1
    return found


def expected(path: Path, instant: str) -> dict[str, int]:
    if path == SAMPLE:
        return counted_by_hand(path, instant)
    row = next(row for row in AS_OF if row["asof_T"] == instant)
    return {name: int(value or 0) for name, value in row.items() if name != "asof_T"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_figures_of_boston_are_right_as_of_fourteen_instants(path: Path) -> None:
    states = gather(batches(path)).states
    assert len(states) == (300 if path == SAMPLE else 58_251)
    for instant in INSTANTS:
        folded = figures_at(states, RULES, REGISTER, at(instant))
        assert figures(folded.index.get(("all", REGISTER.root), {})) == expected(path, instant), instant


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_by_what_was_known_then_the_figures_of_boston_are_the_same(path: Path) -> None:
    for instant in INSTANTS[::4]:
        folded = fold_run(batches(path), RULES, REGISTER, at(instant), known_at=at(instant))
        assert figures(folded.index[("all", REGISTER.root)]) == expected(path, instant), instant


def test_the_figures_of_bostons_departments_are_right() -> None:
    path = FILES[-1]
    folded = fold_run(batches(path), RULES, REGISTER, at("2023-05-04T00:00:00"))
    if path == SAMPLE:
        received = {row["unit"] for row in rows(SAMPLE)}
        assert received == {unit for period, unit in folded.index if period == "all"} - {REGISTER.root}
        return
    for row in BY_UNIT:
        counts = folded.index["all", row["unit"]]
        got = figures(counts)
        both = got["closed_on_time"] + got["closed_late"]
        found = {
            "total": got["received<T"],
            "closed": got["closed<T"],
            "open": got["open"],
            "with_due": both + got["open_not_due"] + got["open_overdue(due<T)"],
            "both": both,
            "on_time": got["closed_on_time"],
            "late": got["closed_late"],
            "open_overdue_asof_2023-05-04": got["open_overdue(due<T)"],
        }
        assert found == {name: int(value or 0) for name, value in row.items() if name != "unit"}, row["unit"]
    assert sum(folded.index["all", row["unit"]]["received"] for row in BY_UNIT) == 58_251


def test_folding_at_an_instant_says_what_a_partition_says_that_came_there_in_the_time_of_its_log() -> None:
    log = batches(SAMPLE)
    partition = Partition(RULES)
    for offset, (_, batch) in enumerate(log):
        partition.apply(batch, offset)
    partition.advance(at("2012-01-01T00:00:00"))
    folded = fold_run(log, RULES, REGISTER, partition.clock)
    cells = list(partition.all_cells())
    filled = {(one.unit, one.day): list(one.counts) for one in cells if isinstance(one, CellUpdate) and any(one.counts)}
    assert folded.cells == filled
    assert folded.uses == {one[:3]: one.counts for one in cells if isinstance(one, UseUpdate) and one.counts}
    assert folded.states == partition.states()
    assert folded.watched == partition.all_watched() == dict(watched_of(folded.states.items(), folded.as_of, RULES))


def test_order_repetition_and_partitions_do_not_change_what_is_folded() -> None:
    once = fold_run(batches(SAMPLE), RULES, REGISTER, at("2012-01-01T00:00:00"))
    shuffled = list(facts(SAMPLE)) * 2
    random.Random(7).shuffle(shuffled)
    log = [(number % 5, Batch(0, [fact], ["a"])) for number, fact in enumerate(shuffled)]
    twice = fold_run(log, RULES, REGISTER, once.as_of)
    assert digest_of(twice) == digest_of(once)
    assert digest_of(fold_run(batches(SAMPLE, 12), RULES, REGISTER, once.as_of)) == digest_of(once)


def test_one_fact_less_is_another_digest() -> None:
    log = [(0, Batch(0, list(facts(SAMPLE)[:count]), ["a"])) for count in (551, 552)]
    digests = {digest_of(fold_run([one], RULES, REGISTER, at("2023-05-04T00:00:00"))).whole for one in log}
    assert len(digests) == 2


def test_items_are_counted_once_by_origin_and_facts_of_other_items_not_at_all() -> None:
    log = batches(SAMPLE, 3)
    assert gather(log).accounts == {"replay:boston": Totals(300, 0)}
    assert gather([*log, *log]).accounts == {"replay:boston": Totals(300, 0)}
    sent_again = [(partition, Batch(batch.clock, batch.facts, ["again"])) for partition, batch in log]
    assert gather([*log, *sent_again]).accounts == {"replay:boston": Totals(300, 0), "again": Totals(0, 300)}


def test_what_was_recorded_later_is_not_known_and_not_counted() -> None:
    known = at("2011-08-01T00:00:00")
    gathered = gather(batches(SAMPLE), known)
    assert gathered.facts == sum(fact.recorded < known for fact in facts(SAMPLE))
    assert sum(totals.applied for totals in gathered.accounts.values()) == len(gathered.states)


def test_periods_add_up_to_all_and_children_to_their_parent() -> None:
    folded = fold_run(batches(FILES[-1]), RULES, REGISTER, at("2012-07-01T00:00:00"))
    root = REGISTER.root
    months = [counts for (period, unit), counts in folded.index.items() if unit == root and period[4:6] in ("-0", "-1")]
    assert sum(counts.get("received", 0) for counts in months) == folded.index["all", root]["received"]
    for name in ("received", "ended", "ends", "finished_late", "open_overdue"):
        below = sum(
            counts.get(name, 0) for (period, unit), counts in folded.index.items() if unit != root and period == "all"
        )
        assert below == folded.index["all", root].get(name, 0)


def test_what_has_happened_stays_as_time_passes() -> None:
    states = gather(batches(SAMPLE)).states
    seen: list[Folded] = [figures_at(states, RULES, REGISTER, at(instant)) for instant in INSTANTS]
    for earlier, later in pairwise(seen):
        before, after = (one.index.get(("all", REGISTER.root), {}) for one in (earlier, later))
        assert before.get("received", 0) <= after.get("received", 0)
        assert before.get("ended", 0) <= after.get("ended", 0)
