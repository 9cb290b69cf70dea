"""Row `boards`: the queries of each board on a Prometheus with a province-year of 60,000 series."""

from __future__ import annotations

import re
import statistics
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

import yaml

from dashboards.grafana import names, provisioning
from dashboards.grafana.boards import boards
from dashboards.grafana.building import RULES
from dashboards.grafana.records import Board, Query
from streams.metrics import Exposition
from streams.stages.figures import Figures
from streams.unit_screen import UnitScreen
from tests.bench.country import CIVIL, register
from tests.bench.figures import Figure
from tests.bench.ground import Ground
from tests.bench.scrape import STATUS, entries
from tests.dashboards.grafana.promql import filled
from tests.servers import Server, program, running

ROOT: Final = Path(__file__).parents[2]
_TURNS: Final = 3
_DAY: Final = 86_400
_DENSE_S: Final = 300  # Prometheus looks back as long: a line without gaps
_WIDTH: Final = 1000  # points that a panel can show
_PROVINCE, _UNIT = "H00", "H00.100"
CHOSEN: Final = {"run": "live", "other": "live", "period": "month", "level": "commune", "province": _PROVINCE}
CHOSEN_TOO: Final = {"unit": _UNIT, "peers": "commune/H01"}
_SPANS: Final = {"h": 3600, "d": _DAY}


def measure(ground: Ground) -> list[Figure]:
    """Seconds of all queries of a board one after the other, newest values and courses over the board's span."""
    text = _exposition(ground)
    series = [line for line in text.decode().splitlines() if not line.startswith("#")]
    folder = ground.folder / "boards"
    folder.mkdir()
    ground.say(f"{len(series):,} series; writing a year of them")
    samples = _history(series, folder, days=ground.sized(7, 1))
    with _page(text) as address, running("prometheus", _arguments(folder, address), folder) as prometheus:
        look = f'{names.RATE_766}{{unit="{_PROVINCE}", period="month"}}'
        prometheus.until("/api/v1/query", lambda said: said["data"]["result"], query=look)
        time.sleep(ground.sized(45, 3))
        return [_figure(prometheus, board, len(series), samples) for board in boards()]


def _figure(prometheus: Server, board: Board, series: int, samples: int) -> Figure:
    took = statistics.median(_seconds(prometheus, board) for _ in range(_TURNS))
    queries = [query for panel in board.panels for query in panel.queries]
    answered = sum(_ask(prometheus, query, board.span) for query in queries)
    what = f"{board.title.en}: {len(queries)} queries, {answered} with a result"
    return Figure(what, took, "s", at_most=1.0, beside=f"{series:,} series, {samples:,} samples of history")


def _seconds(prometheus: Server, board: Board) -> float:
    began = time.perf_counter()
    for panel in board.panels:
        for query in panel.queries:
            _ask(prometheus, query, board.span)
    return time.perf_counter() - began


def _ask(prometheus: Server, query: Query, span: str) -> bool:
    """Ask as Grafana does; True where there is a result."""
    expression, now = filled(query.expr, CHOSEN | CHOSEN_TOO), time.time()
    if query.instant:
        return bool(prometheus.query(expression))
    match = re.fullmatch(r"now-(\d+)([hd])", span)
    assert match is not None
    seconds = int(match[1]) * _SPANS[match[2]]
    step = max(30, seconds // _WIDTH)
    asked = {"start": f"{now - seconds:.0f}", "end": f"{now:.0f}", "step": str(step)}
    return bool(prometheus.ask("/api/v1/query_range", query=expression, **asked)["data"]["result"])


def _exposition(ground: Ground) -> bytes:
    """What the worker of a large province shows: as many series as one may."""
    province = register(1, ground.sized(20, 2), ground.sized(315, 10))
    screen = UnitScreen("live", CIVIL, province)
    screen.show(STATUS, entries([(unit.code, unit.level.value) for unit in province.units]))
    figures = Figures(items_rejected={"unreadable": 1}, ready=True, index_held=1)
    figures.passed("intake", 1, 0.1)
    return Exposition("live", figures, screen).render()


# -- history ----------------------------------------------------------------------------------------------------------


def _history(series: list[str], folder: Path, days: int) -> int:
    """Blocks: of all series what the boards look back at, of those over which courses are drawn every five minutes."""
    now = int(time.time()) // _DENSE_S * _DENSE_S - 7200
    sparse = [now + 7200 - _DENSE_S // 2 - ago * _DAY for ago in (364, 270, 180, 90, 30, 7, 1)]
    dense = range(now - days * _DAY, now, _DENSE_S)
    count, path = 0, folder / "history.om"
    with path.open("w", encoding="utf-8") as file:
        for line in [*series, *_recorded(series)]:
            name, _, value = line.rpartition(" ")
            for instant in [at for at in sparse if at < dense[0]] + (list(dense) if _drawn(name) else []):
                file.write(f"{name} {value} {instant}\n")
                count += 1
        file.write("# EOF\n")
    words = ["tsdb", "create-blocks-from", "--max-block-duration=768h", "openmetrics", str(path), str(folder / "tsdb")]
    subprocess.run([program("promtool"), *words], check=True, stdout=subprocess.DEVNULL)
    path.unlink()
    return count


def _drawn(series: str) -> bool:
    return (
        any(f'unit="{unit}"' in series for unit in ("VN", _PROVINCE, _UNIT))
        or series.startswith((names.TOTAL, names.AS_OF))
        or (series.startswith(names.WATCHED) and f'state="{names.LATE}"' in series)
    )


def _recorded(series: list[str]) -> Iterator[str]:
    """The rates of the past: rules do not apply backwards."""
    for line in series:
        if line.startswith(f"{names.RECEIVED}{{"):
            labels = line[line.index("{") : line.index("}") + 1]
            for rate in (names.RATE_766, names.REPORT_RATE, names.ONLINE_RATE):
                yield f"{rate}{labels} 0.93"


# -- what Prometheus reads ------------------------------------------------------------------------------------------


class _page:  # noqa: N801 - used as a function
    """An exposition on loopback while it is entered."""

    def __init__(self, text: bytes) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/plain; version=0.0.4")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    def __enter__(self) -> str:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return f"127.0.0.1:{self._server.server_address[1]}"

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def _arguments(folder: Path, address: str) -> list[str]:
    file = {
        "global": {
            "scrape_interval": f"{provisioning.SCRAPE_S}s",
            "evaluation_interval": f"{provisioning.EVALUATE_S}s",
        },
        "rule_files": [str(ROOT / RULES)],
        "scrape_configs": [{"job_name": provisioning.JOB, "static_configs": [{"targets": [address]}]}],
    }
    path = folder / "prometheus.yml"
    path.write_text(yaml.safe_dump(file), encoding="utf-8")
    kept = "--storage.tsdb.retention.time=800d"
    return [f"--config.file={path}", f"--storage.tsdb.path={folder / 'tsdb'}", kept]
