from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

from streams.errors import SettingsError
from streams.settings import Settings, load, load_with_origins, variable
from streams.settings_catalogue import BY_NAME, SETTINGS, Setting


def message(environ: dict[str, str], file: Path | None = None) -> str:
    with pytest.raises(SettingsError) as caught:
        load(environ, file)
    return str(caught.value)


def settings_file(folder: Path, text: str) -> Path:
    path = folder / "motcua.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_file_and_variables_everything_has_its_default() -> None:
    settings = load({"HOME": "/home/lan"})
    assert settings.brokers == ("127.0.0.1:9092",)
    assert settings.run == "live"
    assert settings.civil_zone == ZoneInfo("Asia/Ho_Chi_Minh")
    assert settings.http_host == "127.0.0.1"
    assert settings.data == Path("/home/lan/.local/share/motcua")


def test_every_field_is_in_the_catalogue_and_every_record_is_a_field() -> None:
    assert tuple(field.name for field in msgspec.structs.fields(Settings)) == tuple(s.name for s in SETTINGS)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_default_is_a_value_that_may_also_be_written(setting: Setting) -> None:
    default = getattr(load({"HOME": "/home/lan"}), setting.name)
    if default is not None:
        text = ",".join(default) if isinstance(default, tuple) else str(default)
        assert getattr(load({variable(setting): text}), setting.name) == default


def test_a_variable_wins_over_the_file_and_the_file_over_the_default(tmp_path: Path) -> None:
    path = settings_file(tmp_path, 'run = "file"\npartitions = 4\n')
    found = load_with_origins({"MOTCUA_RUN": "variable", "MOTCUA_SETTINGS": str(path)})
    assert (found.settings.run, found.settings.partitions, found.settings.replication) == ("variable", 4, 1)
    assert found.origins["run"].words == "variable MOTCUA_RUN"
    assert found.origins["partitions"].words == f"file {path}"
    assert found.origins["replication"].words == "default"


def test_several_brokers_are_separated_by_commas_or_written_as_a_list(tmp_path: Path) -> None:
    path = settings_file(tmp_path, 'brokers = ["a:1", "b:2"]')
    assert load({}, path).brokers == load({"MOTCUA_BROKERS": "a:1, b:2"}).brokers == ("a:1", "b:2")


def test_a_wrong_zone_says_which_names_are_right() -> None:
    text = message({"MOTCUA_ZONE": "Asia/Ho_Chi_Min"})
    assert "zone from variable MOTCUA_ZONE is 'Asia/Ho_Chi_Min'" in text
    assert "Asia/Ho_Chi_Minh" in text.partition("near ones are")[2]


def test_an_unknown_variable_names_the_nearest_one() -> None:
    assert "Unknown setting MOTCUA_BROKER in the environment. Did you mean MOTCUA_BROKERS" in message(
        {"MOTCUA_BROKER": "a:1"}
    )


def test_an_unknown_key_names_the_file_and_the_nearest_one(tmp_path: Path) -> None:
    path = settings_file(tmp_path, "partition = 3")
    text = message({}, path)
    assert f"Unknown setting partition in file {path}" in text
    assert "partitions" in text


@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("partitions", "0", "a whole number from 1 to 1000"),
        ("partitions", "many", "a whole number from 1 to 1000"),
        ("http_port", "70000", "from 0 to 65535"),
        ("retention_dossier_facts_h", "-2", "or -1 for without limit"),
        ("warning_share", "nan", "a number from 0 to 1"),
        ("warning_share", "1.5", "a number from 0 to 1"),
        ("run", "Tháng 7", "small letters"),
        ("run", "a" * 41, "1 to 40"),
        ("brokers", "", "host:port"),
        ("brokers", "localhost", "host:port"),
        ("brokers", "localhost:99999", "host:port"),
        ("brokers", "kafka://localhost:9092", "host:port"),
        ("security_protocol", "TLS", "one of PLAINTEXT, SSL"),
        ("sasl_mechanism", "SCRAM-SHA-51", "the nearest is SCRAM-SHA-512"),
        ("compression", "snappy", "one of zstd, lz4, gzip, none"),
        ("embedded", "perhaps", "true or false"),
        ("http_host", "  ", "a text that is not empty"),
    ],
)
def test_a_wrong_value_names_the_setting_where_it_came_from_and_what_would_be_right(
    name: str, value: str, advice: str
) -> None:
    text = message({variable(BY_NAME[name]): value})
    assert f"Setting {name} from variable MOTCUA_{name.upper()} is {value!r}" in text
    assert advice in text


def test_a_wrong_type_in_the_file_is_told_like_any_wrong_value(tmp_path: Path) -> None:
    path = settings_file(tmp_path, "partitions = true")
    assert f"Setting partitions from file {path} is True: write a whole number" in message({}, path)


def test_a_file_that_is_not_there_is_named() -> None:
    assert "/nowhere/motcua.toml cannot be read: No such file" in message({"MOTCUA_SETTINGS": "/nowhere/motcua.toml"})


def test_a_file_that_is_not_toml_says_in_which_line(tmp_path: Path) -> None:
    assert "line 2" in message({}, settings_file(tmp_path, 'run = "live"\npartitions 3\n'))


@pytest.mark.parametrize(("replication", "expected"), [(1, 1), (2, 1), (3, 2), (5, 2)])
def test_two_copies_must_hold_a_message_where_there_are_three(replication: int, expected: int) -> None:
    assert load({"MOTCUA_REPLICATION": str(replication)}).min_insync == expected


def test_more_copies_needed_than_kept_is_a_contradiction() -> None:
    assert "at most replication, which is 1" in message({"MOTCUA_MIN_INSYNC": "2"})


def test_a_heartbeat_slower_than_a_third_of_the_session_is_a_contradiction() -> None:
    assert "at most a third of session_timeout_s" in message({"MOTCUA_HEARTBEAT_S": "10"})


def test_sasl_without_a_user_says_which_setting_is_missing() -> None:
    assert "needs sasl_username" in message({"MOTCUA_SECURITY_PROTOCOL": "SASL_SSL"})


SASL = {"MOTCUA_SECURITY_PROTOCOL": "SASL_PLAINTEXT", "MOTCUA_SASL_USERNAME": "lan"}


def test_the_password_may_lie_in_a_file_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "password"
    path.write_text("bí mật\n", encoding="utf-8")
    assert load({**SASL, "MOTCUA_SASL_PASSWORD_FILE": str(path)}).sasl_password == "bí mật"


@pytest.mark.parametrize("content", ["", "\n"])
def test_an_empty_password_file_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "password"
    path.write_text(content, encoding="utf-8")
    assert f"is {path}: the file is empty" in message({**SASL, "MOTCUA_SASL_PASSWORD_FILE": str(path)})


def test_a_password_is_never_shown_not_even_a_wrong_one(tmp_path: Path) -> None:
    secret = "s3cret"
    assert secret not in repr(load({**SASL, "MOTCUA_SASL_PASSWORD": secret}))
    assert "12345" not in message({}, settings_file(tmp_path, "sasl_password = 12345"))


def test_the_data_folder_follows_the_desktop_rules() -> None:
    assert load({"XDG_DATA_HOME": "/srv/data"}).data == Path("/srv/data/motcua")
