"""/metrics: the figures of units as gauges of absolute counts, and what the pipeline says of itself.

Rates are never exported: they are made of counts where they are shown, by recording rules or by whoever reads.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from streams.core.civil import MICROS
from streams.core.index import RunStatus
from streams.stages.figures import Figures
from streams.unit_screen import UnitScreen

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


class PipelineCollector(Collector):
    """What one worker says of its own work, and, while it holds INDEX, of the run."""

    def __init__(self, run: str, figures: Figures, screen: UnitScreen) -> None:
        self._run, self._figures, self._screen = run, figures, screen

    def collect(self) -> Iterator[Metric]:
        """The families, with the run as their first label."""
        figures = self._figures
        yield self._counter("motcua_intake_items_read", "Items read by this worker.", figures.items_read)
        yield self._counter("motcua_intake_items_ignored", "Items without content.", figures.items_ignored)
        rejected = CounterMetricFamily("motcua_items_rejected", "Items rejected, by reason.", labels=["run", "reason"])
        for reason, count in list(figures.items_rejected.items()):
            rejected.add_metric([self._run, str(reason)], count)
        yield rejected
        yield self._counter("motcua_facts_folded", "Facts folded by this worker.", figures.facts_folded)
        yield self._counter("motcua_facts_redelivered", "Facts that had been seen before.", figures.facts_redelivered)
        yield self._counter("motcua_states_written", "Case states written.", figures.states_written)
        yield self._counter("motcua_take_overs", "Partitions taken over by this worker.", figures.take_overs)
        yield self._counter("motcua_index_entries_written", "Entries of the index written.", figures.entries_written)
        yield self._counter("motcua_restatements", "Figures of periods that were over, restated.", figures.restatements)
        yield self._stages(
            "motcua_stage_seconds",
            "Seconds from the record in Kafka (index: from reading it) until the stage made it durable, in all.",
            figures.stage_seconds,
        )
        yield self._stages("motcua_stage_messages", "Messages that a stage has made durable.", figures.stage_messages)
        yield self._gauge("motcua_partitions_owned", "Partitions of facts owned.", len(figures.owned))
        yield self._gauge("motcua_cases_held", "Cases held by this worker.", figures.cases_held)
        yield self._gauge(
            "motcua_index_held",
            "1 while this worker computes the index; the sum over workers is 1.",
            figures.index_held,
        )
        yield self._gauge(
            "motcua_clock_seconds",
            "The lowest clock of the partitions of facts owned (unix time); 0 where there is none.",
            figures.clock / MICROS,
        )
        yield self._gauge(
            "motcua_standstill_seconds",
            "For how long a partition with input waiting has not moved, by committed offsets; the longest.",
            figures.standstill_s,
        )
        yield self._gauge("motcua_ready", "1 when the worker has its partitions loaded.", int(figures.ready))
        if (status := self._screen.shown) is not None:
            yield from self._of_run(status)

    def _of_run(self, status: RunStatus) -> Iterator[Metric]:
        yield self._gauge("motcua_index_generation", "The newest holder of INDEX has the highest.", status.generation)
        yield self._gauge("motcua_index_as_of_seconds", "The clock of the run (unix time).", status.as_of / MICROS)
        yield self._gauge("motcua_index_complete", "1 when every partition is told.", int(status.complete))
        yield self._gauge("motcua_cases", "Cases of the run.", status.cases)
        items = GaugeMetricFamily("motcua_items", "Items accounted for, by outcome.", labels=["run", "outcome"])
        items.add_metric([self._run, "applied"], sum(totals.applied for totals in status.accounts.values()))
        items.add_metric([self._run, "repeated"], sum(totals.repeated for totals in status.accounts.values()))
        yield items

        yield self._definitions(status)
        units = GaugeMetricFamily(
            "motcua_units_registered", "Units of the register.", labels=["run", "level", "province"]
        )
        for (level, province), count in self._screen.registered.items():
            units.add_metric([self._run, level, province], count)
        yield units

    def _definitions(self, status: RunStatus) -> GaugeMetricFamily:
        words = "1; by which edition of what the run counts."
        family = GaugeMetricFamily("motcua_definitions_info", words, labels=["run", "kind", "version"])
        kinds = {"register": status.register, "calendar": status.calendar, "limits": status.limits}
        for kind, edition in kinds.items():
            if edition:
                family.add_metric([self._run, kind, edition], 1)
        return family

    def _stages(self, name: str, words: str, values: Mapping[str, float]) -> CounterMetricFamily:
        family = CounterMetricFamily(name, words, labels=["run", "stage"])
        for stage, value in list(values.items()):
            family.add_metric([self._run, stage], value)
        return family

    def _counter(self, name: str, words: str, value: float) -> CounterMetricFamily:
        family = CounterMetricFamily(name, words, labels=["run"])
        family.add_metric([self._run], value)
        return family

    def _gauge(self, name: str, words: str, value: float) -> GaugeMetricFamily:
        family = GaugeMetricFamily(name, words, labels=["run"])
        family.add_metric([self._run], value)
        return family


class Exposition:
    """All that /metrics shows."""

    def __init__(self, run: str, figures: Figures, screen: UnitScreen) -> None:
        self._screen = screen
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._registry.register(PipelineCollector(run, figures, screen))

    def render(self) -> bytes:
        """The text of /metrics; called outside the event loop."""
        return generate_latest(self._registry) + (self._screen.text() + self._screen.alerts.text()).encode()
