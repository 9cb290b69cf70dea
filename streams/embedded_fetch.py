"""The embedded broker answers a fetch that finds nothing when its waiting time is over, whatever comes meanwhile."""

from typing import Final

import faust

WAIT_MS: Final = 25


def fetch_often(app: faust.App) -> None:
    """Let the consumer of a running application wait for so short a time that the figures still move at once.

    Faust writes 1.5 seconds into the consumer that it makes and has no setting for it; aiokafka reads the value anew
    at each fetch.
    """
    app.consumer._thread._consumer._fetcher._fetch_max_wait_ms = WAIT_MS  # noqa: SLF001 - as said above
