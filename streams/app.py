"""The composition root: settings in, a Faust application out, with the three stages wired to their topics."""

import asyncio
import gc
import logging
import os
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

from streams.core.alerting.consumer import Alerts
from streams.core.civil import Civil
from streams.core.closing import Consumer
from streams.core.history import History
from streams.core.register import Register
from streams.definitions import Definitions
from streams.embedded_fetch import fetch_often
from streams.faust_app import faust_app
from streams.http import Pages
from streams.logs import KafkaLog, bulk_producer
from streams.metrics import Exposition
from streams.settings import Settings
from streams.sources.inputs import INPUTS, Reading
from streams.stages.dossiers import Dossiers
from streams.stages.figures import Figures
from streams.stages.index import IndexStage, RunOf
from streams.stages.intake import Intake
from streams.stages.references import References
from streams.stages.stream import OUTPUTS, Outputs
from streams.standstill import Standstill
from streams.targets import targets_of
from streams.topics import LIVE, group_of, topic_name
from streams.unit_screen import UnitScreen
from streams.watchdog import Watchdog

logger = logging.getLogger(__name__)
EX_SOFTWARE: Final = 70  # as sysexits.h has it
_TICK_S: Final = 0.1
_CHECK_S: Final = 5.0
_COMMIT_AT_MOST_S: Final = 0.2
_PUBLISH_AT_MOST_S: Final = 1.0
_GARBAGE: Final = 100_000  # allocations between two looks for cycles: facts come and go by the thousand and make none


def wall() -> int:
    """The one place that reads the clock: now, in micros."""
    return time.time_ns() // 1000


class Runtime:
    """One worker: the stages, their loops, and what happens at each rebalance."""

    def __init__(self, settings: Settings, register: Register) -> None:
        self.settings = settings
        self.civil = Civil(settings.zone)
        self.figures = Figures(beat=time.monotonic())
        self.screen = UnitScreen(settings.run, self.civil, register)
        exposition = Exposition(settings.run, self.figures, self.screen)
        self.pages = Pages(settings.http_host, settings.http_port, self.figures, exposition.render)
        self.definitions = Definitions(settings, register)
        self.register = register
        self._targets = targets_of(settings, register)
        self.app = faust_app(settings)
        self._moving = asyncio.Event()
        self._started = self._stopping = False

    async def start(self) -> None:
        """Connect and make the stages; called in the worker's event loop before anything is read."""
        settings = self.settings
        self._pulse = asyncio.create_task(self._beat())
        gc.set_threshold(_GARBAGE, 20, 50)
        self._producer = bulk_producer(settings)
        await self._producer.start()
        self._logs = [KafkaLog(topic_name(settings.run, name), settings, self._producer) for name in OUTPUTS]
        out = Outputs(*self._logs)
        reading = Reading(self.civil, int(settings.max_ahead_s), self.register.knows)
        readers = {topic_name(settings.run, one.topic): one.reader(reading) for one in INPUTS}
        self.intake = Intake(readers, out, settings.partitions, self.figures, wall)
        guard = Standstill(settings.session_timeout_s / 2)
        guard.start()
        references = References(self.definitions, out.references)
        self.dossiers = Dossiers(references, out, self.figures, wall, guard.look, live=settings.run == LIVE)
        run = RunOf(
            settings.run,
            self.register,
            settings.zone,
            settings.partitions,
            self.definitions.versions,
            lambda: self.definitions.rules,
            self._consumers,
        )
        self.index = IndexStage(run, out, self.figures, self.screen, self._pause_tallies)
        self._started = True

    def _consumers(self) -> tuple[Consumer, ...]:
        """Whoever is told of each closed hour, new for each holding of INDEX."""
        alerts = Alerts(self.register, self._targets, self.screen.alerts.show, lambda: self.definitions.rules)
        return (History(), alerts)

    async def stop(self) -> None:
        """Flush what is folded, say what is acknowledged, and leave."""
        if not self._started:
            return
        self._stopping = True
        await self.index.end()
        await self._flush()
        await self.app.consumer.commit()
        await self._producer.stop()
        for log in self._logs:
            await log.close()

    async def revoked(self) -> None:
        """Before partitions go: flush, so that their next owner has little to do again."""
        self.figures.ready, self.figures.reason = False, "partitions are being moved"
        self._moving.clear()
        self.screen.hide(hidden=True)
        await self._flush()
        await self.app.consumer.commit()

    async def assigned(self) -> None:
        """Before the streams resume: load what is owned now."""
        self.figures.reason = "loading state"
        if self.settings.embedded:
            fetch_often(self.app)
        mine: dict[str, set[int]] = {}
        assignment = self.app.consumer.assignment()
        self.figures.assigned = frozenset((place.topic, place.partition) for place in assignment)
        for place in assignment:
            mine.setdefault(place.topic, set()).add(place.partition)
        began = time.monotonic()
        await self.dossiers.assigned(mine.get(topic_name(self.settings.run, "dossier-facts"), set()))
        await self.index.assigned(topic_name(self.settings.run, "unit-tallies") in mine)
        self.screen.hide(hidden=not self.index.held)
        gc.collect()
        gc.freeze()
        self.figures.ready, self.figures.reason = True, "ready"
        self._moving.set()
        logger.info(
            "ready: %d partitions of facts, index %s, after %.1f s",
            len(self.dossiers.owned),
            "held" if self.index.held else "elsewhere",
            time.monotonic() - began,
        )

    def _pause_tallies(self) -> None:
        tallies = topic_name(self.settings.run, "unit-tallies")
        consumer = self.app.consumer
        consumer.pause_partitions({place for place in consumer.assignment() if place.topic == tallies})

    async def _flush(self) -> None:
        await self.intake.flush()
        await self.dossiers.commit(publish=True)
        await self.index.publish()

    # -- loops --------------------------------------------------------------------------------------------------

    async def commit_loop(self) -> None:
        """Group commit every few milliseconds; publishing and the index less often.

        The longer a commit takes, which it does while a backlog is folded, the longer it waits and the more the next
        one takes at once: each has its price for every partition, however little it holds.
        """
        interval, told = self.settings.commit_interval_ms / 1000, self.settings.publish_interval_ms / 1000
        published = took = 0.0
        while not self._stopping:
            await self._moving.wait()
            began = time.monotonic()
            due = began - published >= max(told, min(5 * took, _PUBLISH_AT_MOST_S))
            await self.intake.flush()
            await self.dossiers.commit(publish=due)
            if due:
                published = time.monotonic()
                await self.index.publish()
                self.dossiers.measure()
            took = time.monotonic() - began
            await asyncio.sleep(max(interval, min(2 * took, _COMMIT_AT_MOST_S)))

    async def index_loop(self) -> None:
        """Follow the tallies while INDEX is held here."""
        while not self._stopping:
            await self.index.follow(self.settings.publish_interval_ms / 2000)
            await asyncio.sleep(_TICK_S)

    async def hours_loop(self) -> None:
        """Close hours while INDEX is held here."""
        while not self._stopping:
            await self.index.close_hours()
            await asyncio.sleep(_TICK_S)

    async def _beat(self) -> None:
        """Say that the event loop lives, also while the first state is loaded, before Faust starts the loops."""
        while True:
            self.figures.beat = time.monotonic()
            await asyncio.sleep(_TICK_S)

    async def tick_loop(self) -> None:
        """Write ticks."""
        while not self._stopping:
            if self._moving.is_set():
                await self.dossiers.tick()
            await asyncio.sleep(_TICK_S)

    async def check_loop(self) -> None:
        """Look for strangers in owned state partitions."""
        while not self._stopping:
            await asyncio.sleep(_CHECK_S)
            if self._moving.is_set():
                await self.dossiers.check()


async def die_loudly(work: Awaitable[None], what: str) -> None:
    """Await `work`; anything unexpected ends the process, so that nothing that failed is ever acknowledged."""
    try:
        await work
    except Exception:
        logger.critical("%s failed; the worker ends and a supervisor must restart it", what, exc_info=True)
        logging.shutdown()
        os._exit(EX_SOFTWARE)


def build(settings: Settings, register: Register) -> Runtime:
    """A worker for the settings: agents, loops and rebalance handlers on a Faust application."""
    runtime = Runtime(settings, register)
    _add_stages(runtime)
    _add_loops(runtime)
    _add_handlers(runtime, Watchdog(settings, group_of(settings.run), runtime.figures))
    return runtime


def _add_stages(runtime: Runtime) -> None:
    """An agent for each stage, on its topic; INTAKE has one for each input."""
    app, run = runtime.app, runtime.settings.run

    def stage(base: str, name: str) -> None:
        topic = app.topic(topic_name(run, base), key_type=bytes, value_type=bytes, internal=False)

        async def agent(stream: Any) -> None:
            await die_loudly(getattr(runtime, name).consume(stream.noack().events()), name.upper())

        app.agent(topic, name=f"{name}:{base}")(agent)

    for one in INPUTS:
        stage(one.topic, "intake")
    stage("dossier-facts", "dossiers")
    stage("unit-tallies", "index")


def _add_loops(runtime: Runtime) -> None:
    """What goes on beside the agents for as long as the worker runs."""

    def loop(work: Callable[[], Awaitable[None]], what: str) -> None:
        async def task() -> None:
            await die_loudly(work(), what)

        runtime.app.task(task)

    loop(runtime.commit_loop, "group commit")
    loop(runtime.index_loop, "INDEX")
    loop(runtime.hours_loop, "closing hours")
    loop(runtime.tick_loop, "ticking")
    loop(runtime.check_loop, "checking state")


def _add_handlers(runtime: Runtime, watchdog: Watchdog) -> None:
    """What happens at the start, at each rebalance, and at the end."""
    app = runtime.app

    async def started(*_: Any, **__: Any) -> None:
        await runtime.start()
        runtime.pages.start()
        watchdog.start()
        logger.info("pages on %s", runtime.pages.address)

    async def on_revoked(*_: Any, **__: Any) -> None:
        await die_loudly(runtime.revoked(), "giving partitions up")

    async def on_complete(*_: Any, **__: Any) -> None:
        await die_loudly(runtime.assigned(), "taking partitions over")

    async def on_stop(*_: Any, **__: Any) -> None:
        await runtime.stop()

    app.on_start = started
    app.on_partitions_revoked.connect(on_revoked, weak=False)
    app.on_rebalance_complete.connect(on_complete, weak=False)
    app.on_before_shutdown.connect(on_stop, weak=False)
