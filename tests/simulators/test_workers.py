from pathlib import Path

import msgspec
import pytest

from simulators.workers import WorkerFailed, Workers, environment, run_folder
from streams.settings import load


def test_another_process_gets_the_same_settings_by_its_environment(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("secret\n", encoding="utf-8")
    settings = load(
        {
            "HOME": str(tmp_path),
            "MOTCUA_BROKERS": "a:1,b:2",
            "MOTCUA_RUN": "trial",
            "MOTCUA_EMBEDDED": "true",
            "MOTCUA_SECURITY_PROTOCOL": "SASL_PLAINTEXT",
            "MOTCUA_SASL_USERNAME": "me",
            "MOTCUA_SASL_PASSWORD_FILE": str(secret),
        }
    )
    given = environment(settings, {"HOME": "/", "MOTCUA_SETTINGS": "elsewhere.toml"}, http_port="0")
    assert "MOTCUA_SETTINGS" not in given
    assert load(given) == msgspec.structs.replace(settings, http_port=0)


def test_a_worker_that_ends_again_and_again_is_given_up_with_the_end_of_its_log(tmp_path: Path) -> None:
    # No broker answers at this port, so a worker cannot live.
    settings = load({"HOME": str(tmp_path), "MOTCUA_BROKERS": "127.0.0.1:1", "MOTCUA_RUN": "trial"})
    said: list[str] = []
    workers = Workers(settings, 1, said.append)
    run_folder(settings).mkdir(parents=True)
    workers._environment["MOTCUA_PARTITIONS"] = "none"  # a wrong setting ends it at once
    workers.start()
    try:
        with pytest.raises(
            WorkerFailed, match=r"(?s)Worker 1 of run trial ended with status \d+\. Its log .* ends with:\n  .*\w"
        ):
            check_until_given_up(workers)
    finally:
        workers.stop()
    assert len(said) == 3


def check_until_given_up(workers: Workers) -> None:
    while workers.pids():
        workers.check()
