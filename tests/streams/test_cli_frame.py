from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from streams.cli import COMMANDS, Entry, main
from streams.settings_catalogue import SETTINGS


def call(*arguments: str, **environ: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, list(arguments), env=environ)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def test_help_lists_every_command_in_one_line_each() -> None:
    status, out, _ = call("--help")
    assert status == 0
    assert all(entry.name in out for entry in COMMANDS)


def test_help_imports_no_kafka_no_faust_and_no_web_server() -> None:
    script = (
        "import sys; from streams.cli import main; main(['--help'], standalone_mode=False); "
        "print(sorted({'faust', 'kafka', 'aiokafka', 'aiohttp', 'rich'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.name)
def test_every_command_has_its_module(entry: Entry) -> None:
    assert importlib.util.find_spec(entry.module) is not None


def test_a_known_error_is_one_message_without_a_traceback() -> None:
    status, out, err = call("settings", MOTCUA_PARTITIONS="0")
    assert status == 2
    assert out == ""
    assert err.startswith("Setting partitions from variable MOTCUA_PARTITIONS is '0'")
    assert "Traceback" not in err


def test_settings_prints_each_with_its_origin_as_json(tmp_path: Path) -> None:
    status, out, _ = call("settings", "--json", MOTCUA_RUN="boston", HOME=str(tmp_path))
    assert status == 0
    records = {record["name"]: record for record in json.loads(out)}
    assert list(records) == [setting.name for setting in SETTINGS]
    assert records["run"]["value"] == "boston"
    assert records["run"]["from"] == "variable MOTCUA_RUN"


@pytest.mark.parametrize("arguments", [("settings",), ("settings", "--json")])
def test_settings_never_prints_the_password(arguments: tuple[str, ...]) -> None:
    sasl = {"MOTCUA_SECURITY_PROTOCOL": "SASL_SSL", "MOTCUA_SASL_USERNAME": "lan", "MOTCUA_SASL_PASSWORD": "s3cret"}
    status, out, err = call(*arguments, **sasl, COLUMNS="200")
    assert status == 0
    assert "s3cret" not in out + err
    assert "********" in out


def test_a_wrong_run_on_the_command_line_says_what_a_run_may_be_called() -> None:
    status, _, err = call("topics", "check", "--run", "Tháng 7")
    assert status == 2
    assert "small letters" in err
