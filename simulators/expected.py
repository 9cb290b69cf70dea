"""Which verdicts and counts follow from the truth, by SQL: nothing of the monitor's own code takes part.

The rules are those of docs/semantics.md, written a second time.  Python only tells when the week, month, quarter and
year of a reception end.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final

from simulators.truth import DossierTruth, PetitionTruth
from simulators.world.working_time import OFFSET, day_of, midnight
from streams.core.civil import DAY, date_of

NO_DAY: Final = -(1 << 31)
"""Day of the cell of what is not accepted yet."""
HORIZONS: Final = ("now", "week", "month", "quarter", "year")
_VERDICTS: Final = ("on_time", "late", "ended_no_due", "open_within", "open_overdue", "open_no_due")
_FLAGS: Final = {
    "apologised": "extended",
    "digitised": "digitised",
    "result_issued": "result_issued",
    "reused": "data_reused",
    "linked": "linked",
    "population_data": "population_data_used",
    "identified": "identified",
    "synchronised": "synchronised",
    "complained": "complained",
}
_PAYMENTS: Final = {
    "with_obligation": "(coalesce(payment_requested < t, 0) OR coalesce(payment_paid < t, 0))",
    "paid": "coalesce(payment_paid < t, 0)",
    "paid_online": "coalesce(payment_paid < t, 0) AND paid_by IN ('national_portal', 'local_gateway')",
    "paid_cashless": "coalesce(payment_paid < t, 0) AND paid_by <> 'counter'",
}
_SERVED: Final = {
    "returned_by_post": "returned_by = 'post'",
    "rated": "coalesce(rated < t, 0)",
    "rated_satisfied": "coalesce(rated < t, 0) AND score >= 4",
}
_UNBLAMED: Final = "verdict IN ('on_time', 'open_within') AND NOT coalesce(complained < t, 0)"
_TOPICS: Final = {
    "petitions_procedure": "procedure",
    "petitions_behaviour": "behaviour",
    "petitions_trips": "extra_trips",
}
MEANT: Final = frozenset(
    (
        *(f"{verdict}_{horizon}" for verdict in _VERDICTS for horizon in HORIZONS),
        *("received", "ended", "paused", "without_result", "due_computed", "direct", "online", "postal", *_FLAGS),
        *("ends", "closed_without_result", "finished_no_due", "finished_early", "finished_on_time", "finished_late"),
        *(f"unblamed_{horizon}" for horizon in HORIZONS),
        *(*_PAYMENTS, *_SERVED, "held"),
        *("petitions", "petitions_open", "petitions_overdue", *_TOPICS),
        *(f"{name}_{horizon}" for name in ("petitions_in_time", "petitions_well") for horizon in HORIZONS),
    )
)
"""Names of the counters that follow from the truth; the others rest on the monitor's own tests."""
_COLUMNS: Final = DossierTruth.__struct_fields__
_PETITION_COLUMNS: Final = PetitionTruth.__struct_fields__
_FOREVER: Final = 1 << 40

# An end counts as of t unless the dossier went back after it, and by then.
_END: Final = "CASE WHEN {0} < t AND NOT (reopened IS NOT NULL AND {0} < reopened AND reopened < t) THEN {0} END"
_STANDING: Final = f"""
CREATE VIEW standing AS SELECT *,
  {_END.format("finished")} AS has_finished, {_END.format("returned")} AS has_returned,
  {_END.format("stopped")} AS has_stopped, {_END.format("withdrawn")} AS has_withdrawn
FROM dossiers JOIN horizons USING (dossier) WHERE accepted < t"""
_ENDED: Final = """
CREATE VIEW ended AS SELECT *,
  coalesce(has_finished, has_returned, has_stopped, has_withdrawn) AS end_at,
  has_finished IS NULL AND has_returned IS NULL AS without_result,
  coalesce(asked1 < t, 0) + coalesce(asked2 < t, 0) AS asked,
  coalesce(promised, CASE WHEN (SELECT limits FROM asof) THEN computed END) AS first_due
FROM standing"""
# A completion or an end closes a round.
_ROUNDS: Final = """
CREATE VIEW rounds_as_of AS SELECT *,
  CASE WHEN completed1 < t THEN completed1 ELSE end_at END AS over1,
  CASE WHEN completed2 < t THEN completed2 ELSE end_at END AS over2,
  asked > 0 AND asked1 <= first_due AS forgiven,
  CASE WHEN completed1 < t THEN appointment1 END AS appointment
FROM ended"""
# One round asked in time: a new appointment replaces the due date, else the time waited is given back; waiting: frozen.
_DUE: Final = f"""
CREATE VIEW due_as_of AS SELECT *,
  CASE WHEN forgiven AND appointment IS NOT NULL THEN appointment
       WHEN forgiven AND promised IS NULL AND over1 IS NOT NULL THEN computed_paused
       ELSE first_due END AS due,
  CASE WHEN NOT coalesce(forgiven, 0) THEN first_due
       WHEN appointment IS NOT NULL THEN appointment
       WHEN over1 IS NULL THEN {_FOREVER}
       WHEN promised IS NULL THEN computed_paused
       ELSE first_due + over1 - asked1 END AS last1,
  end_at IS NULL AND ((asked = 1 AND over1 IS NULL) OR (asked = 2 AND over2 IS NULL)) AS waits
FROM rounds_as_of"""
# A second round is late from its asking.
_LAST: Final = """
CREATE VIEW last_as_of AS SELECT *,
  CASE WHEN asked < 2 THEN last1 WHEN last1 IS NULL OR asked2 - 1 < last1 THEN asked2 - 1 ELSE last1 END AS last
FROM due_as_of"""
_VERDICT: Final = """
CREATE VIEW verdicts AS SELECT *,
  CASE WHEN end_at IS NOT NULL
       THEN CASE WHEN last IS NULL THEN 'ended_no_due' WHEN end_at > last THEN 'late' ELSE 'on_time' END
       ELSE CASE WHEN last IS NULL THEN 'open_no_due' WHEN last < t THEN 'open_overdue' ELSE 'open_within' END
  END AS verdict
FROM last_as_of"""
# Answered by its due date, or open and within it, as of t.
_PETITIONS: Final = """
CREATE VIEW petitions_as_of AS SELECT *,
  coalesce(answered < t, 0) AS is_answered,
  CASE WHEN answered < t THEN answered ELSE t END <= due AS in_time,
  coalesce(disliked < t, 0) OR coalesce(repeated < t, 0) AS blamed
FROM petitions JOIN horizons ON dossier = petition WHERE received < t"""
_DAY: Final = f"({{0}} + {OFFSET}) / {DAY}"
_NOW: Final = "horizon = 'now'"


class Expected:
    """What figures must be as of an instant (seconds), by the truth; `limits` as the monitor knows them, or not."""

    def __init__(
        self,
        dossiers: Iterable[DossierTruth],
        as_of: int,
        *,
        petitions: Iterable[PetitionTruth] = (),
        limits: bool = True,
    ) -> None:
        self._sql = sqlite3.connect("")  # a file of its own, gone with it: memory stays bounded
        self._sql.execute("CREATE TABLE asof (t INTEGER, limits INTEGER)")
        self._sql.execute("INSERT INTO asof VALUES (?, ?)", (as_of, limits))
        self._sql.execute(f"CREATE TABLE dossiers (dossier PRIMARY KEY, {', '.join(_COLUMNS[1:])}) WITHOUT ROWID")
        self._sql.execute("CREATE TABLE horizons (dossier, horizon, t INTEGER, PRIMARY KEY (dossier, horizon))")
        self._sql.execute(f"CREATE TABLE petitions ({', '.join(_PETITION_COLUMNS)})")
        for one in dossiers:
            self._insert("dossiers", tuple(getattr(one, name) for name in _COLUMNS))
            self._judged(one.dossier, one.accepted, as_of)
        for petition in petitions:
            self._insert("petitions", tuple(getattr(petition, name) for name in _PETITION_COLUMNS))
            self._judged(petition.petition, petition.received, as_of)
        for view in (_STANDING, _ENDED, _ROUNDS, _DUE, _LAST, _VERDICT, _PETITIONS):
            self._sql.execute(view)

    def verdicts(self, horizon: str = "now") -> dict[str, str]:
        """The verdict of each dossier that counts."""
        found = self._sql.execute("SELECT dossier, verdict FROM verdicts WHERE horizon = ?", (horizon,))
        return dict(found.fetchall())

    def cells(self) -> dict[tuple[str, int], dict[str, int]]:
        """Counts by unit and day that are not 0, with the names of the monitor's counters."""
        cells: dict[tuple[str, int], dict[str, int]] = {}
        for query in (*_by_reception(), *_by_end(), _HELD, *_of_petitions()):
            for unit, day, name, count in self._sql.execute(query):
                if count:
                    cells.setdefault((unit, day), {})[name] = count
        return cells

    def close(self) -> None:
        """Give up the tables."""
        self._sql.close()

    def _insert(self, table: str, values: tuple[object, ...]) -> None:
        self._sql.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values))})", values)

    def _judged(self, case: str, received: int | None, as_of: int) -> None:
        """As of when a case is judged."""
        if received is not None:
            rows = ((case, horizon, t) for horizon, t in _horizons(received, as_of))
            self._sql.executemany("INSERT INTO horizons VALUES (?, ?, ?)", rows)


_HELD: Final = f"""
SELECT unit, {NO_DAY}, 'held', count(*) FROM dossiers, asof
WHERE NOT coalesce(accepted < t, 0) AND NOT coalesce(not_accepted < t, 0) GROUP BY unit"""


def _by_reception() -> Iterator[str]:
    day = _DAY.format("accepted")
    yield f"SELECT unit, {day}, verdict || '_' || horizon, count(*) FROM verdicts GROUP BY 1, 2, 3"
    yield f"SELECT unit, {day}, 'unblamed_' || horizon, count(*) FROM verdicts WHERE {_UNBLAMED} GROUP BY 1, 2, 3"
    counted = {"received": "1", "ended": "end_at IS NOT NULL", "paused": "waits"}
    counted["due_computed"] = "promised IS NULL AND due IS NOT NULL AND NOT (forgiven AND appointment IS NOT NULL)"
    counted["without_result"] = "end_at IS NOT NULL AND without_result"
    counted |= {channel: f"channel = '{channel}'" for channel in ("direct", "online", "postal")}
    counted |= {name: f"coalesce({column} < t, 0)" for name, column in _FLAGS.items()}
    counted |= {name: f"fee > 0 AND {holds}" for name, holds in _PAYMENTS.items()}
    for name, holds in counted.items():
        yield f"SELECT unit, {day}, '{name}', sum({holds}) FROM verdicts WHERE {_NOW} GROUP BY 1, 2"


def _by_end() -> Iterator[str]:
    day, due = _DAY.format("end_at"), _DAY.format("due")
    how = f"""CASE WHEN without_result THEN 'closed_without_result' WHEN due IS NULL THEN 'finished_no_due'
      WHEN {day} < {due} THEN 'finished_early' WHEN {day} = {due} THEN 'finished_on_time' ELSE 'finished_late' END"""
    where = f"FROM verdicts WHERE {_NOW} AND end_at IS NOT NULL"
    yield f"SELECT unit, {day}, 'ends', count(*) {where} GROUP BY 1, 2"
    for name, holds in _SERVED.items():
        yield f"SELECT unit, {day}, '{name}', sum({holds}) {where} AND NOT without_result GROUP BY 1, 2"
    yield f"SELECT unit, {day}, {how}, count(*) {where} GROUP BY 1, 2, 3"


def _of_petitions() -> Iterator[str]:
    day = _DAY.format("received")
    for name, holds in (("in_time", "in_time"), ("well", "in_time AND NOT blamed")):
        yield f"SELECT unit, {day}, 'petitions_{name}_' || horizon, sum({holds}) FROM petitions_as_of GROUP BY 1, 2, 3"
    counted = {
        "petitions": "1",
        "petitions_open": "NOT is_answered",
        "petitions_overdue": "NOT is_answered AND NOT in_time",
    }
    counted |= {name: f"topic = '{topic}'" for name, topic in _TOPICS.items()}
    for name, holds in counted.items():
        yield f"SELECT unit, {day}, '{name}', sum({holds}) FROM petitions_as_of WHERE {_NOW} GROUP BY 1, 2"


def _horizons(received: int, as_of: int) -> Iterator[tuple[str, int]]:
    """As of when each horizon is judged: the end of the period once that is past."""
    day = date_of(day_of(received))
    month, quarter = day.year * 12 + day.month, day.year * 12 + (day.month - 1) // 3 * 3 + 3
    ends = (
        None,
        day - timedelta(days=day.weekday()) + timedelta(days=7),
        date(month // 12, month % 12 + 1, 1),
        date(quarter // 12, quarter % 12 + 1, 1),
        date(day.year + 1, 1, 1),
    )
    for horizon, end in zip(HORIZONS, ends, strict=True):
        yield horizon, as_of if end is None else min(as_of, midnight(end))
