"""Is every item accounted for?  Items read = applied + repeated + rejected + ignored, for each input."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from dashboards.outputs import read_ledgers, read_rejections
from streams.core.accounting import Ledger
from streams.core.tallies import Totals
from streams.reading import RunReader, committed
from streams.settings import Settings
from streams.sources.inputs import INPUTS
from streams.sources.native import items
from streams.sources.rejections import IGNORED, Rejection
from streams.topics import BY_NAME, group_of, topic_name

COUNTED_AT_ONCE: Final = 100_000
"""Messages of an input that a report counts without being asked; more take a while."""
_REPLAY: Final = b"replay"


class InputRow(msgspec.Struct, frozen=True):
    """What became of the items of one input.

    `read` is None where it cannot be known, `why` says why; `holds` is None then, else whether the sum is right.
    """

    input: str
    read: int | None
    applied: int
    repeated: int
    rejected: int
    ignored: int
    holds: bool | None
    why: str = ""


def conservation_of(settings: Settings) -> tuple[list[InputRow], bool]:
    """A row per input of the run, and whether the sum holds in every one; for a run that is at rest."""
    with RunReader(settings) as reader:
        accounts = accounts_in(read_ledgers(reader).values())
        rows = conservation(reader, accounts, read_rejections(reader), most=None)
    return rows, bool(rows) and all(row.holds is True for row in rows)


def conservation(
    reader: RunReader, accounts: Mapping[str, Totals], rejections: Sequence[Rejection], most: int | None
) -> list[InputRow]:
    """A row per input; messages are only counted where there are at most `most` (None: however many)."""
    read = _read_of_replay(reader)
    for one in INPUTS:
        read |= _read_of_input(reader, one.topic, most)
    refused = Counter(one.input for one in rejections if one.reason not in IGNORED)
    ignored = Counter(one.input for one in rejections if one.reason in IGNORED)
    # What DOSSIERS refuses is a batch of our own, no item of an input.
    facts = topic_name(reader.settings.run, "dossier-facts") + "/"
    names = {name for name in {*accounts, *refused, *ignored} if not name.startswith(facts)}
    names |= {name for name, (count, why) in read.items() if count or why}
    rows = []
    for name in sorted(names, key=_by_number):
        count, why = read.get(name, (None, "this input is not known here"))
        account = accounts.get(name, Totals(0, 0))
        told = account.applied + account.repeated + refused[name] + ignored[name]
        holds = None if count is None else count == told
        rows.append(InputRow(name, count, account.applied, account.repeated, refused[name], ignored[name], holds, why))
    return rows


def accounts_in(ledgers: Iterable[Ledger]) -> dict[str, Totals]:
    """Items applied and repeated by input, summed over the ledgers of all partitions."""
    sums: dict[str, Totals] = {}
    for ledger in ledgers:
        for name, account in ledger.accounts.items():
            held = sums.get(name, Totals(0, 0))
            sums[name] = Totals(held.applied + account.applied, held.repeated + account.repeated)
    return sums


def _read_of_input(reader: RunReader, base: str, most: int | None) -> dict[str, tuple[int | None, str]]:
    """Items in the messages of one topic that the workers have acknowledged, by input partition."""
    topic = topic_name(reader.settings.run, base)
    if not any(reader.ends(base).values()):
        return {}
    upto = committed(reader.settings, group_of(reader.settings.run), base)
    begins = reader.begins(base)
    messages = sum(upto.values())
    if most is not None and messages > most:
        why = f"{messages:,} messages in all; --count-items counts what they hold"
        return {f"{topic}/{number}": (None, why) for number in upto}
    counts: Counter[int] = Counter()
    for message in reader.read(base, until={number: upto.get(number, 0) for number in begins}):
        counts[message.partition] += 1 if message.value is None else len(items(message.value))
    setting = BY_NAME[base].retention_setting
    found: dict[str, tuple[int | None, str]] = {}
    for number in upto:
        gone = begins.get(number, 0)
        why = f"its first {gone:,} messages are not kept any more (setting {setting})" if gone else ""
        found[f"{topic}/{number}"] = (None if gone else counts[number], why)
    return found


def _read_of_replay(reader: RunReader) -> dict[str, tuple[int | None, str]]:
    """Rows of the file that the run replays, by the record that the replay keeps of itself."""
    value = reader.latest("references", _REPLAY)
    if value is None:
        return {}
    record: Any = msgspec.json.decode(value)
    if record.get("places"):
        return _read_of_recording(record)
    name = f"replay:{record['id']}"
    if record.get("since") is not None or record.get("before") is not None:
        return {name: (None, "only a part of the table is replayed")}
    if record["seq"] < record["facts"]:
        return {name: (None, "the replay has not come to its end")}
    return {name: (int(record["rows"]), "")}


def _read_of_recording(record: Mapping[str, Any]) -> dict[str, tuple[int | None, str]]:
    """Items by input as the recording says, once the run has come to its end."""
    items: dict[str, int] = record.get("items", {})
    return {name: (count, "") for name, count in items.items()}


def _by_number(name: str) -> tuple[str, int]:
    head, _, tail = name.rpartition("/")
    return (head, int(tail)) if tail.isdigit() else (name, 0)
