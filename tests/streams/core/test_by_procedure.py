"""Counts over some procedures: those of all procedures are those of all days, where both count the same."""

from hypothesis import given

from streams.core.by_procedure import KNOWN, counts_of_procedures
from streams.core.cells import CellUpdate
from streams.core.civil import ALL
from streams.core.contributions import NO_DAY
from streams.core.counters import WIDTH
from streams.core.index import counts_in
from streams.core.indicators.qd766_2026 import QD766_2026
from streams.core.indicators.scores import score
from streams.core.register import Register, read_register
from streams.core.spreading import entries_of
from streams.core.use_sums import UseSums
from streams.core.uses import UseUpdate
from tests.streams.core.histories import MANY, Message, batches, histories, run

REGISTER: Register = read_register(
    ["code,name,level,parent", "VN,Nước,country,", "U1,Một,province,VN", "U2,Hai,province,VN"], "test"
)
PROCEDURES = {"", "P1", "P2"}


@MANY
@given(histories)
def test_the_procedures_of_a_unit_and_period_add_up_to_its_days(said: list[Message]) -> None:
    partition = run(batches(said))
    uses, sums = UseSums(REGISTER), dict[tuple[str, str], list[int]]()
    for cell in partition.all_cells():
        if isinstance(cell, UseUpdate):
            uses.add(cell[:3], cell.counts)
        elif isinstance(cell, CellUpdate) and cell.day != NO_DAY:
            for entry in entries_of(REGISTER, cell.unit, cell.day):
                held = sums.setdefault(entry, [0] * WIDTH)
                held[:] = map(int.__add__, held, cell.counts)
    for (period, unit), held in sums.items():
        counted = counts_of_procedures(uses, REGISTER, period, unit, PROCEDURES)
        if "W" in period:
            assert counted is None
            continue
        assert counted is not None
        by_day = counts_in(held, period)
        assert counted.here == {name: by_day.get(name, 0) for name in KNOWN}


def test_a_score_over_some_procedures_has_what_is_counted_by_procedure_and_no_more() -> None:
    uses = UseSums(REGISTER)
    uses.add(("U1", "P1", "2026-11"), 4)  # the first counter is what was received
    counted = counts_of_procedures(uses, REGISTER, ALL, "U1", {"P1"})
    assert counted is not None
    made = score(QD766_2026, counted)
    assert made.figure("2.1").denominator == made.figure("3.3").denominator == 4
    assert not made.figure("4.2").known
    assert not counts_of_procedures(uses, REGISTER, ALL, "U1", {"P2"}).reported  # type: ignore[union-attr]
