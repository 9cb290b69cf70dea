"""One partition of cases: facts and clocks in, changed states, cells and watch list entries out.

A pure function of the partition's log and of the rules.  Each case is one `bytes`: a header with what it adds to the
tallies now, then its state as the state topic holds it; so a million cases are no work for the garbage collector.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from streams.core.accounting import Account, Ledger, merge_accounts
from streams.core.cases import Case, decode, encode, fresh, merge
from streams.core.cells import Cells, CellUpdate, Told
from streams.core.civil import DAY, MICROS
from streams.core.contributions import NEVER, NO_DAY, NOTHING, Effect
from streams.core.counters import BIT
from streams.core.effects import effect_of
from streams.core.facts import Batch, Fact
from streams.core.fields import PROCEDURE, RECEIVED_UNIT, STATED, UNIT, keyed
from streams.core.headers import ENDED_MASK, HEADER, LOW, NEW, RECEIVED_MASK, SIZE, UNUSUAL, Header
from streams.core.rules import Rules
from streams.core.shortcuts import FLAG_MASK, JUDGE, PAYMENT, impact, paid, plain_effect
from streams.core.statements import MARK, Statement, statement_of
from streams.core.stored import Judged, lead, mark_of, unchanged
from streams.core.timers import Timers
from streams.core.turns import turns
from streams.core.uses import USED, USED_AT_END, Place, UseUpdate, month_of, place_of, use_difference
from streams.core.verdicts import before
from streams.core.watching import Watch, is_step, unit_of

_FRESH: Final = HEADER.unpack(NEW)
_HELD: Final = BIT["held"]
_ENDED: Final = BIT["ended"]  # in the low half
_ASKED_OF_TERMS: Final = ("due_computed", "open_no_due_now", "ended_no_due_now", "found_several_supplements")
_UNPROMISED: Final = sum(BIT[name] for name in _ASKED_OF_TERMS)
_OPEN_WITH_DUE: Final = BIT["open_within_now"] | BIT["open_overdue_now"]
_DAY: Final = DAY * MICROS


class Partition:
    """State of one partition.  `clock` in micros; `offset` of the last message folded."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.clock = 0
        self.offset = -1
        self.generation = 0
        self.accounts: dict[str, Account] = {}
        self.redelivered = 0
        self.cells = Cells()
        self.changed: set[str] = set()
        self.watch: dict[str, Watch | None] = {}
        self._cases: dict[str, bytes] = {}
        self._judged_before: dict[str, Judged] = {}  # of what was absorbed and is not settled yet
        self._absorbed = 0  # the highest clock of an absorbed ledger
        self._timers = Timers(self._next_of)

    def __len__(self) -> int:
        return len(self._cases)

    def apply(self, batch: Batch, offset: int) -> None:
        """Fold one message of the facts partition: full hours that have passed come before what was said after them."""
        clock = max(self.clock, batch.clock)
        accounts = [self.accounts.setdefault(name, Account()) for name in batch.inputs]
        for facts, began, until in turns(batch, clock, self.rules.civil):
            self.advance(began)
            self._fold(facts, accounts, max(until, self.clock))
            self.advance(until)
        self.advance(clock)
        self.offset = max(self.offset, offset)

    def advance(self, clock: int) -> None:
        """Let time pass to `clock`: every change that is due, hour by hour, with a marker where cells changed."""
        if clock <= self.clock:
            return
        while (at := self._timers.peek(clock)) <= clock:
            self._close_hour(at - 1)
            stop = min(clock, self._hour_after(at - 1))
            for key in self._timers.due(stop):
                self._renew(key, stop)
            self.clock = max(self.clock, at - 1)  # a change at the very hour is told with that hour
            self._close_hour(stop)
            self.clock = max(self.clock, stop)
        self._close_hour(clock)
        self.clock = max(self.clock, clock)

    def next_change(self, limit: int = NEVER) -> int:
        """When (micros) a case changes next with no new fact, up to `limit`; NEVER when none does by then."""
        return self._timers.peek(limit)

    def state(self, key: str) -> bytes:
        """The state of a case, as the state topic holds it."""
        return self._cases[key][SIZE:]

    def states(self) -> dict[str, bytes]:
        """Every case's state."""
        return {key: stored[SIZE:] for key, stored in self._cases.items()}

    def records(self, keys: Iterable[str]) -> list[tuple[str, bytes]]:
        """Cases with what the state topic holds of each: how it is judged now, and its state."""
        before = lead(mark_of(self.rules), self.clock, SIZE)
        return [(key, before + self._cases[key]) for key in keys]

    def ledger(self) -> Ledger:
        """What the states reflect, for the last record of a commit."""
        return Ledger(self.clock, self.offset, self.generation, self.accounts)

    def take_changed(self) -> set[str]:
        """Cases that changed since this was last asked."""
        taken, self.changed = self.changed, set()
        return taken

    def take_told(self, flush: bool) -> list[Told]:
        """Cells and markers to publish, in order; with `flush` those since the last full hour too.

        What is said at the very instant of a full hour follows that hour's marker, and has its own once time goes on.
        """
        if flush and self.cells.changed:
            self.cells.tell(self.clock, late=self._hour_after(self.clock - 1) <= self.clock)
        return self.cells.take_told()

    def take_watch(self) -> dict[str, Watch | None]:
        """Entries of the watch list that changed; None for a case that left it."""
        taken, self.watch = self.watch, {}
        return taken

    def all_cells(self) -> Iterator[CellUpdate | UseUpdate | Statement]:
        """Every cell and all that was stated, for whoever takes the partition over."""
        yield from self.cells.updates()
        yield from (statement_of(key, decode(self.state(key))) for key in self._cases if key.startswith(MARK))

    def all_watched(self) -> dict[str, Watch]:
        """Every entry of the watch list as of the clock."""
        found = {}
        for key, stored in self._cases.items():
            if HEADER.unpack_from(stored)[5]:
                entry = effect_of(decode(stored[SIZE:]), self.clock, self.rules).watch
                if entry is not None:
                    found[key] = entry
        return found

    def absorb(self, key: str, state: bytes, judged: Judged | None = None) -> None:
        """Take in a stored state, merging with what is here; `settle` must follow."""
        stored = self._cases.get(key)
        if stored is None:
            self._cases[key] = NEW + state
            if judged is not None:
                self._judged_before[key] = judged
        elif stored[SIZE:] != state:
            self._judged_before.pop(key, None)
            case = decode(stored[SIZE:])
            # The merged case may count for another unit or procedure.
            self._replace(key, place_of(case.flat), b"", None, NOTHING, HEADER.unpack_from(stored))
            merge(case, decode(state).groups())
            self._cases[key] = self._cases[key][:SIZE] + encode(case)

    def absorb_ledger(self, ledger: Ledger) -> None:
        """Take in a stored ledger; `settle` must follow."""
        self._absorbed = max(self._absorbed, ledger.clock)
        self.offset = max(self.offset, ledger.offset)
        self.generation = max(self.generation, ledger.generation)
        merge_accounts(self.accounts, ledger.accounts)

    def settle(self, keys: Iterable[str]) -> None:
        """Bring tallies, timers and watch list in line with absorbed states; `catch_up` must follow."""
        if not self.cells:  # nothing was judged before, so nothing can have changed in between
            self.clock = max(self.clock, self._absorbed)
        mark = mark_of(self.rules)
        for key in keys:
            judged = self._judged_before.pop(key, None)
            if judged is None or judged.mark != mark or key.startswith(MARK) or not self._stays(key, judged):
                self._renew(key, self.clock)

    def _stays(self, key: str, judged: Judged) -> bool:
        """Let an absorbed case add what it added when it was written, if nothing can have changed; False if not."""
        before = unchanged(judged, self.clock)
        if before is None:
            return False
        state = self._cases[key][SIZE:]
        self._replace(key, place_of(decode(state).flat), state, None, before[0], _FRESH, before[1])
        return True

    def asked_of_terms(self, since: int = 0, *, warned: bool = True) -> list[str]:
        """Cases that other calendars or limits, from `since` (micros) on, may change: `settle` judges them anew.

        With `warned` (another calendar) these are all open ones that have a due date, too.
        """
        # a due date computed or lacking, an appointment in place of one, the working minutes of what ended
        day = max(since // _DAY - 1, NO_DAY + 1)  # no zone is a day away
        headers = ((key, HEADER.unpack_from(stored)) for key, stored in self._cases.items())
        mask = _UNPROMISED | _OPEN_WITH_DUE if warned else _UNPROMISED
        return [key for key, (low, high, _, ended, *_) in headers if low & mask or high >> 63 or ended >= day]

    def catch_up(self) -> None:
        """Let time pass to the clock of the absorbed ledger: what is here may be older than it."""
        self.advance(self._absorbed)

    # -- folding ------------------------------------------------------------------------------------------------

    def _fold(self, facts: list[Fact], accounts: list[Account], clock: int) -> None:
        """Fold facts that were all said by `clock`: the hot loop, hence its local names."""
        last, cases, changed = before(clock), self._cases, self.changed
        for fact in facts:
            key, assigned = fact.case, keyed(fact.set)
            stored = cases.get(key, NEW)
            case = fresh() if stored is NEW else decode(stored[SIZE:])
            was = None
            if UNIT in assigned or PROCEDURE in assigned or RECEIVED_UNIT in assigned:
                was = place_of(case.flat)
            applied = case.fold(fact.recorded, fact.id, assigned)
            if fact.counted:
                place, offset, index = fact.origin
                if not accounts[place].admit(offset, index, applied):
                    self.redelivered += 1
            if not applied:
                continue
            changed.add(key)
            header = low, high, received, ended, next_change, watch, used, allowed = HEADER.unpack_from(stored)
            old = low | high << 64
            change = None if old & UNUSUAL or next_change <= clock else impact(assigned, last)
            if change is None:
                now, marks = self._judged(key, case, clock)
                self._replace(key, place_of(case.flat), encode(case), was, now, header, marks)
            elif change & JUDGE or stored is NEW or ((watch or low & _ENDED) and is_step(assigned)):
                flags = None if (old & _HELD) | (change & PAYMENT) else (old | change) & FLAG_MASK
                now = plain_effect(case, clock, self.rules, flags)
                self._replace(key, place_of(case.flat), encode(case), was, now, header)
            elif (
                old & _HELD
                or (bits := old | change if change < PAYMENT else paid(old, change, case.flat, assigned, last)) == old
            ):
                cases[key] = stored[:SIZE] + encode(case)
            else:
                self.cells.add((unit_of(case.flat), received), old & RECEIVED_MASK, bits & RECEIVED_MASK)
                if (old ^ bits) & USED:
                    self.cells.use(place_of(case.flat), month_of(received), use_difference(old & USED, bits & USED))
                head = HEADER.pack(bits & LOW, bits >> 64, received, ended, next_change, watch, used, allowed)
                cases[key] = head + encode(case)

    def _next_of(self, key: str) -> int:
        stored = self._cases.get(key)
        return NEVER if stored is None else int(HEADER.unpack_from(stored)[4])

    def _renew(self, key: str, clock: int) -> None:
        stored = self._cases[key]
        state = stored[SIZE:]
        case = decode(state)
        now, marks = self._judged(key, case, clock)
        self._replace(key, place_of(case.flat), state, None, now, HEADER.unpack_from(stored), marks)

    def _judged(self, key: str, case: Case, clock: int) -> tuple[Effect, int]:
        """What a case adds, judged anew, and the marks of its header; of a statement, what is told of it."""
        if STATED in case.flat:
            self.cells.state(statement_of(key, case))
            return NOTHING, 0
        flags = impact(case.flat, before(clock))
        if flags is None:
            return effect_of(case, clock, self.rules), UNUSUAL
        return plain_effect(case, clock, self.rules, flags & FLAG_MASK), 0

    def _replace(  # noqa: PLR0917 - called for every other fact, and keywords cost
        self, key: str, place: Place, state: bytes, was: Place | None, now: Effect, header: Header, marks: int = 0
    ) -> None:
        """Replace what the case added, by its header, by what it adds now.

        `place` is where it counts; `was` where it counted, when that may have changed.
        """
        low, high, old_received, old_ended, old_next, old_watch, old_used, old_allowed = header
        old, bits = (low | high << 64) & ~UNUSUAL, now.received | now.ended
        old_place = place if was is None else was
        old_unit, unit = old_place[0], place[0]
        if old != bits or old_place != place or old_received != now.received_day or old_ended != now.ended_day:
            cells = self.cells
            cells.shift((old_unit, old_received), (unit, now.received_day), old & RECEIVED_MASK, now.received)
            cells.shift((old_unit, old_ended), (unit, now.ended_day), old & ENDED_MASK, now.ended)
            day, new_day, was_used, used = old_received, now.received_day, old & USED, bits & USED
            if was_used != used or (used and (old_place != place or day != new_day)):
                cells.move_use(old_place, day, was_used, place, new_day, used)
            if (old | bits) & USED_AT_END:
                was_used, used = old & USED_AT_END, bits & USED_AT_END
                cells.move_use(old_place, old_ended, was_used, place, now.ended_day, used)
        self.cells.measure((old_unit, old_ended, old_used, old_allowed), (unit, now.ended_day, now.used, now.allowed))
        watch = 0 if now.watch is None else hash(now.watch) & 0xFFFFFFFF or 1
        if watch != old_watch:
            self.watch[key] = now.watch
        bits |= marks
        days, minutes = (now.received_day, now.ended_day), (now.used, now.allowed)
        head = HEADER.pack(bits & LOW, bits >> 64, *days, now.next_change, watch, *minutes)
        self._cases[key] = head + state
        if now.next_change != old_next:
            self._timers.push(now.next_change, key)

    def _hour_after(self, instant: int) -> int:
        """The first full civil hour (micros) after `instant` (micros)."""
        return self.rules.civil.next_full_hour(instant // MICROS) * MICROS

    def _close_hour(self, limit: int) -> None:
        """Snapshot what changed before the first full hour after the clock, if `limit` has reached that hour."""
        if self.cells.changed and limit >= (hour := self._hour_after(self.clock)):
            self.cells.tell(hour)
