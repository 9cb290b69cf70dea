"""The rows, in the order in which they are measured."""

from __future__ import annotations

from typing import Final

from tests.bench import (
    alerts,
    boards,
    core,
    dossiers,
    flat,
    forecasts,
    held,
    index,
    intake,
    late,
    live,
    resending,
    scoring,
    scrape,
    warned,
)
from tests.bench.figures import Row

ROWS: Final = (
    Row(
        "dossiers",
        "DOSSIERS on one worker: decode, fold, verdicts, timers, tallies, durable, acknowledged",
        dossiers.measure,
    ),
    Row("intake", "INTAKE: native events into facts, until acknowledged", intake.measure),
    Row("live", "All stages in one worker, single events: from send to the record of unit-index", live.measure),
    Row("late", "A case turns late, with a million open cases held", late.measure),
    Row("state", "A million cases, half ended with 8 events, half open with 5: loading and weight", held.measure),
    Row("resending", "A recording written and sent again, without workers", resending.measure),
    Row("flat", "Cost of an event of an open case, by cases held and by units; the pure core", flat.measure),
    Row("scoring", "Scores and ranks of 5,000 units; the pure core", scoring.measure),
    Row("watchlist", "Late dossiers that stood on the list before, and the weight of timers; pure", warned.measure),
    Row("forecast", 'Late dossiers forecast on simulated history, beside "as last week"', forecasts.measure),
    Row("index", "The index of a country kept up, hours closed, INDEX taken over; without a broker", index.measure),
    Row("scrape", "The page of metrics at the budget of series", scrape.measure),
    Row("alerts", "Alerts on simulated months of a province with injected incidents; the pure core", alerts.measure),
    Row("boards", "Queries of each board of Grafana on a real Prometheus with a province-year", boards.measure),
    Row("core", "CPU of the pure core by part, for guidance", core.measure),
)
