"""A slow oracle of a partition: every counter of every cell, and the watch list, from nothing and case by case."""

from collections import Counter as Tally
from collections.abc import Iterable, Iterator

from streams.core.calendar import Calendar
from streams.core.cases import Case
from streams.core.civil import HOUR, MICROS, date_of
from streams.core.contributions import NO_DAY
from streams.core.fields import APOLOGISED, FINISHED, NOT_ACCEPTED, RETURNED
from streams.core.rules import Rules
from streams.core.verdicts import Judgement, Verdict, judge, rounds
from streams.core.watching import Watch
from tests.streams.core.histories import CIVIL, RULES, CellKey, Cells
from tests.streams.core.petition_oracle import is_petition, petition_counted, petition_watched

ORDER = {40: 0, 41: 1, 42: 2, 43: 3}  # asked, completed, new appointment, step
PROVISIONAL, LAST_YEAR = 2027, 2027


def cells_of(cases: Iterable[Case], clock: int, rules: Rules = RULES) -> Cells:
    """Every counter of every cell of both families as of `clock`, counted by name, case by case, from nothing."""
    cells: dict[CellKey, Tally[str]] = {}
    for case in cases:
        counted = petition_counted(case, clock, rules, _warned) if is_petition(case) else _counted(case, clock, rules)
        for unit, day, counters in counted:
            told = list(counters)
            if told:
                cells.setdefault((unit, day), Tally()).update(told)
            used = list(_used(told))
            if used:
                month = date_of(day).isoformat()[:7]
                cells.setdefault((unit, case.flat.get(3) or "", month), Tally()).update(used)
    return {key: dict(counters) for key, counters in cells.items()}


_BY_PROCEDURE = (
    *("received", "online", "postal", "with_obligation", "paid_online", "result_issued", "five_on_the_spot"),
    *(
        f"{verdict}_{horizon}"
        for verdict in ("on_time", "late", "open_within", "open_overdue", "unblamed")
        for horizon in ("now", "month", "quarter", "year")
    ),
)


def _used(told: list[str]) -> Iterator[str]:
    """What of a dossier's counters is counted by procedure and month, too."""
    yield from (name for name in told if name in _BY_PROCEDURE)
    if "with_obligation" in told and "synchronised" in told:
        yield "fee_synchronised"


def _counted(case: Case, clock: int, rules: Rules) -> Iterator[tuple[str, int, Iterable[str]]]:
    flat, unit = case.flat, case.flat.get(2) or case.flat.get(1) or ""
    judged = judge(case, clock, rules)
    if judged.verdict == Verdict.NONE:
        refused = flat.get(NOT_ACCEPTED)
        yield unit, NO_DAY, [] if refused is not None and refused * MICROS < clock else ["held"]
        return
    day = CIVIL.day(judged.accepted)
    told = [*_received(case, judged, clock), *_verdicts(case, day, clock, rules), *_computed(judged)]
    told += [*_payments(case, clock), *_listed(case, clock, rules)]
    yield unit, day, told + [f"found_{name}" for name in findings_of(case, judged, clock)]
    if judged.ended is not None:
        ended = CIVIL.day(judged.ended)
        yield unit, ended, [*_ended(judged), *_served(case, judged, clock)]
        for name, minutes in _timed(case, judged, clock, rules):
            yield unit, ended, [name] * minutes


_VERDICTS = dict(
    zip(Verdict, ("", "on_time", "late", "ended_no_due", "open_within", "open_overdue", "open_no_due"), strict=True)
)


def _verdicts(case: Case, day: int, clock: int, rules: Rules) -> Iterator[str]:
    ends = dict(zip(("week", "month", "quarter", "year"), CIVIL.period_ends(day)[1:], strict=True))
    for horizon, instant in {"now": clock, **{name: min(clock, end * MICROS) for name, end in ends.items()}}.items():
        verdict = judge(case, instant, rules).verdict
        yield f"{_VERDICTS[verdict]}_{horizon}"
        complained = case.flat.get(25)
        if verdict in (Verdict.ON_TIME, Verdict.WITHIN) and (complained is None or complained * MICROS >= instant):
            yield f"unblamed_{horizon}"


def _elements(case: Case, code: int, clock: int) -> list[tuple[int, object]]:
    """Moments and values of a set field before `clock`, in order."""
    found = [(key // 256, value) for key, value in case.flat.items() if key % 256 == code and value is not None]
    return sorted((at, value) for at, value in found if at * MICROS < clock)


def _payments(case: Case, clock: int) -> Iterator[str]:
    asked = [amount for _, amount in _elements(case, 44, clock) if amount != 0]
    paid = [one for _, one in _elements(case, 45, clock) if isinstance(one, list) and one[0] != 0]
    if asked or paid:
        yield "with_obligation"
    if paid:
        yield "paid"
    ways = {one[1] for one in paid}
    if ways & {"national_portal", "local_gateway"}:
        yield "paid_online"
    if ways - {"counter"}:
        yield "paid_cashless"


def _served(case: Case, judged: Judgement, clock: int) -> Iterator[str]:
    if judged.ended_as not in (FINISHED, RETURNED):
        return
    if case.flat.get(16) == 2:
        yield "returned_by_post"
    steps = [str(done).split("@") for _, done in _elements(case, 43, clock)]
    at_centre = {word for done, *where in steps if where for word in done.split(",")}
    if case.flat.get(16) == 1 and {"appraised", "approved", "stamped"} <= at_centre:
        yield "five_on_the_spot"
    ratings = [score for _, score in _elements(case, 46, clock)]
    if ratings:
        yield "rated"
        if ratings[-1] in (4, 5):
            yield "rated_satisfied"


def _received(case: Case, judged: Judgement, clock: int) -> Iterator[str]:
    flat = case.flat
    yield "received"
    yield {2: "online", 3: "postal"}.get(flat.get(4, 1), "direct")
    names = "apologised digitised result_issued reused linked population_data identified synchronised complained"
    for code, name in enumerate(names.split(), APOLOGISED):
        if flat.get(code) is not None and flat[code] * MICROS < clock:
            yield name
    if judged.ended is not None:
        yield "ended"
        if judged.ended_as not in (FINISHED, RETURNED):
            yield "without_result"
    elif judged.paused:
        yield "paused"


def _ended(judged: Judgement) -> list[str]:
    assert judged.ended is not None
    if judged.ended_as not in (FINISHED, RETURNED):
        return ["ends", "closed_without_result"]
    if judged.due is None:
        return ["ends", "finished_no_due"]
    ended, due = date_of(CIVIL.day(judged.ended)), date_of(CIVIL.day(judged.due))
    return ["ends", "finished_early" if ended < due else "finished_late" if ended > due else "finished_on_time"]


def watched_of(cases: dict[str, Case], clock: int, rules: Rules = RULES) -> dict[str, Watch]:
    """The watch list as of `clock`: open cases with a due date, from a fifth of their time (at least a day) before."""
    found: dict[str, Watch] = {}
    for key, case in cases.items():
        if is_petition(case):
            entry = petition_watched(case, clock, rules, _warned)
            if entry is not None:
                found[key] = entry
            continue
        judged, flat = judge(case, clock, rules), case.flat
        if judged.verdict not in (Verdict.WITHIN, Verdict.OVERDUE) or judged.due is None or judged.late_at is None:
            continue
        due = judged.due if judged.late_at >= 1 << 40 else judged.late_at
        warned = _warned(judged.accepted, due, rules.terms.calendar(clock))
        if clock >= warned * MICROS:
            apologised = flat.get(APOLOGISED)
            found[key] = Watch(
                flat.get(2) or flat.get(1) or "",
                flat.get(3) or "",
                due,
                warned,
                judged.verdict == Verdict.OVERDUE,
                judged.paused,
                apologised is not None and apologised * MICROS < clock,
                judged.accepted,
                ([""] + [str(done) for _, done in _elements(case, 43, clock) if done])[-1],
            )
    return found


def _warned(received: int, due: int, calendar: Calendar | None) -> int:
    """The first second from which a fifth of the working time, or a working day, or less, is left; by trying."""
    today = CIVIL.midnight(CIVIL.day(due))
    if calendar is None or date_of(CIVIL.day(due)).year > LAST_YEAR:
        return min(today, due - max((due - received) // 5, 24 * HOUR))
    left = max(_walked(calendar, received, due) // 5, 8 * HOUR)
    lower, upper = received, max(received, due)
    while lower < upper:
        middle = (lower + upper) // 2
        lower, upper = (lower, middle) if _walked(calendar, middle, due) <= left else (middle + 1, upper)
    return min(today, lower)


def _listed(case: Case, clock: int, rules: Rules) -> Iterator[str]:
    """Where an open case stands on the watch list."""
    entry = watched_of({"": case}, clock, rules).get("")
    if entry is None or entry.late:
        return
    if entry.paused:
        yield "due_paused"
    else:
        yield "due_today" if CIVIL.day(entry.due) <= CIVIL.day(clock // MICROS) else "due_soon"


def _computed(judged: Judgement) -> Iterator[str]:
    if judged.term is None or judged.term.due is None:
        return
    yield "due_computed"
    if any(date_of(CIVIL.day(at)).year == PROVISIONAL for at in (judged.accepted, judged.term.due)):
        yield "due_provisional"


def findings_of(case: Case, judged: Judgement, clock: int) -> Iterator[str]:
    """The findings by walking over everything that was said, in the order in which it happened."""
    last, ended, flat = (clock - 1) // MICROS, judged.ended, case.flat
    if judged.due is not None and judged.due < judged.accepted:
        yield "due_before_reception"
    if ended is not None and ended < judged.accepted:
        yield "ended_before_reception"
    if judged.term is None and None not in (judged.due, flat.get(10)) and flat[10] != judged.due and 17 not in flat:
        yield "due_moved"
    back = flat.get(15)
    ends = [code for code in (7, 11, 12, 13, 14) if flat.get(code) is not None]
    void = (flat[code] < back and case.stamp(15) > case.stamp(code) for code in ends if back is not None)
    if back is not None and back <= last and any(void):
        yield "end_voided"
    yield from _about_supplements(case, judged, last)


def _about_supplements(case: Case, judged: Judgement, last: int) -> Iterator[str]:
    ended = judged.ended
    said = [
        (key // 256, ORDER[key % 256]) for key, held in case.flat.items() if key % 256 in ORDER and held is not None
    ]
    walked = sorted((at, what) for at, what in said if at <= last)
    asked, completed = ([at for at, what in walked if what == wanted] for wanted in (0, 1))
    opened, waits = _rounds_walked([one for one in walked if judged.accepted <= one[0] <= (ended or last)])
    if opened > 1:
        yield "several_supplements"
    if waits and ended is not None:
        yield "supplement_unfinished"
    if completed and not any(at <= completed[0] for at in asked):
        yield "supplement_unasked"
    due = judged.due if judged.term is None else judged.term.unpaused
    if opened and due is not None and all(at > due for at in asked):
        yield "supplement_after_due"
    if ended is not None and any(at > ended for at in asked):
        yield "supplement_after_end"


def _rounds_walked(walked: list[tuple[int, int]]) -> tuple[int, bool]:
    opened, waits, since = 0, False, 0
    for at, what in walked:
        if what == 0 and not waits:
            opened, waits, since = opened + 1, True, at
        elif waits and what > 0 and (what < 3 or at > since):
            waits = False
    return opened, waits


def _timed(case: Case, judged: Judgement, clock: int, rules: Rules) -> Iterator[tuple[str, int]]:
    """Working minutes by a walk over days, where there is a calendar."""
    assert judged.ended is not None
    calendar = rules.terms.calendar(judged.ended * MICROS)
    if calendar is None or judged.ended_as not in (FINISHED, RETURNED):
        return
    found = rounds(case.flat, judged.accepted, (clock - 1) // MICROS, judged.ended)
    given = [] if any(one.appointment is not None and one.appointment == judged.due for one in found) else found
    used = _walked(calendar, judged.accepted, judged.ended)
    used -= sum(_walked(calendar, one.asked, one.closed or judged.ended) for one in given)
    due = judged.due if judged.term is None else judged.term.unpaused
    allowed = 0 if due is None or date_of(CIVIL.day(due)).year > LAST_YEAR else _walked(calendar, judged.accepted, due)
    yield "timed", 1
    yield "timed_minutes", used // 60
    if allowed >= 60:
        yield "compared", 1
        yield "compared_minutes", used // 60
        yield "allowed_minutes", allowed // 60


def _walked(calendar: Calendar, first: int, last: int) -> int:
    """Working seconds, day by day."""
    total = 0
    for day in range(CIVIL.day(first), CIVIL.day(last) + 1):
        if calendar.is_working(day):
            for begin, end in ((27_000, 41_400), (46_800, 61_200)):
                midnight = CIVIL.midnight(day)
                total += max(min(last, midnight + end) - max(first, midnight + begin), 0)
    return total
