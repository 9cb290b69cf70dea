"""A stable hash over what a run says, for proof that two runs say the same.

A sum of hashes of lines, so the order in which lines come does not matter and nothing has to be sorted or held.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import msgspec

from streams.core.cases import decode
from streams.core.contributions import NO_DAY
from streams.core.counters import VERDICT_NAMES, named
from streams.core.effects import effect_of
from streams.core.fields import PETITION_RECEIVED, STATED
from streams.core.petitions import judged as judged_petition
from streams.core.rules import Rules
from streams.core.uses import Packed, UseKey, use_counts
from streams.core.verdicts import Verdict, judge
from streams.core.watching import Watch, unit_of

_MODULUS: Final = 1 << 128


class Digest:
    """Takes lines, each once, in any order."""

    def __init__(self) -> None:
        self._sum = 0
        self.lines = 0

    def add(self, *parts: object) -> None:
        """One line, of parts that msgpack can hold."""
        line = msgspec.msgpack.encode(parts)
        self._sum = (self._sum + int.from_bytes(hashlib.blake2b(line, digest_size=16).digest(), "big")) % _MODULUS
        self.lines += 1

    def hex(self) -> str:
        """The digest of the lines so far."""
        whole = f"{self._sum:032x}/{self.lines}"
        return hashlib.blake2b(whole.encode(), digest_size=16).hexdigest()


class RunDigest(msgspec.Struct, frozen=True):
    """Digest of everything, and of its parts, to see which one differs."""

    whole: str
    verdicts: str
    cells: str
    index: str
    late: str
    cases: int


class HistoryDigest(msgspec.Struct, frozen=True):
    """Digest of what was told of closed hours, and of its parts; `records` is how many there are.

    Compared only for runs with the same log order.
    """

    whole: str
    closes: str
    restatements: str
    alerts: str
    records: int


def history_digest(
    closes: Mapping[bytes, bytes], restatements: Mapping[bytes, bytes], alerts: Mapping[bytes, bytes]
) -> HistoryDigest:
    """Digest of daily closes, restatements and transitions of alerts: the last value of each key, as JSON."""
    parts = {"closes": Digest(), "restatements": Digest(), "alerts": Digest()}
    for part, records in zip(parts.values(), (closes, restatements, alerts), strict=True):
        for key, value in records.items():
            part.add(key, msgspec.json.encode(msgspec.json.decode(value), order="sorted"))
    told = {name: part.hex() for name, part in parts.items()}
    whole = hashlib.blake2b("/".join(told.values()).encode(), digest_size=16).hexdigest()
    return HistoryDigest(whole=whole, records=sum(part.lines for part in parts.values()), **told)


def run_digest(
    verdicts: Iterable[Iterable[object]],
    cells: Iterable[tuple[str, int, list[int]]],
    uses: Iterable[tuple[UseKey, Packed]],
    index: Iterable[tuple[str, str, Mapping[str, int]]],
    watched: Iterable[tuple[str, Watch]],
) -> RunDigest:
    """Digest of a run: a `verdict_line` of each case, cells of both families, (period, unit, counts), watch list."""
    parts = {name: Digest() for name in ("verdicts", "cells", "index", "late")}
    for line in verdicts:
        parts["verdicts"].add(*line)
    for unit, day, counts in cells:
        if any(counts):
            parts["cells"].add(unit, None if day == NO_DAY else day, sorted(named(counts).items()))
    for use, packed in uses:
        if packed:
            parts["cells"].add(*use, sorted(use_counts(packed).items()))
    for period, unit, by_name in index:
        if any(by_name.values()):
            parts["index"].add(period, unit, sorted((name, count) for name, count in by_name.items() if count))
    for case, entry in watched:
        parts["late"].add(case, *entry)
    told = {name: part.hex() for name, part in parts.items()}
    whole = hashlib.blake2b("/".join(told.values()).encode(), digest_size=16).hexdigest()
    return RunDigest(whole=whole, cases=parts["verdicts"].lines, **told)


def verdict_line(case: str, state: bytes, clock: int, rules: Rules) -> Iterator[object]:
    """What the digest takes in of a case: its verdict and what decides it, how a petition stands, what was stated."""
    held = decode(state)
    judged = judge(held, clock, rules)
    yield case
    yield unit_of(held.flat)
    if STATED in held.flat:
        yield sorted(held.flat[STATED].items())
        return
    if PETITION_RECEIVED in held.flat:
        yield from judged_petition(held.flat, clock, rules.terms) or ()
        return
    yield "" if judged.verdict is Verdict.NONE else VERDICT_NAMES[judged.verdict]
    yield from (judged.accepted, judged.ended, judged.ended_as, judged.late_at, judged.due, judged.paused)


def watched_of(states: Iterable[tuple[str, bytes]], clock: int, rules: Rules) -> Iterator[tuple[str, Watch]]:
    """The watch list that follows from case states as of `clock` (micros)."""
    for case, state in states:
        entry = effect_of(decode(state), clock, rules).watch
        if entry is not None:
            yield case, entry
