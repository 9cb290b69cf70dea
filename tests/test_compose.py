"""The container files, checked as far as they can be without a Docker engine."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from streams.local_kafka import DEFAULT_VERSION
from streams.local_kafka.node import NodeProcess
from streams.local_kafka.ports import free_port
from streams.local_kafka.properties import Node
from streams.settings import load
from streams.settings_catalogue import BY_NAME
from tests.servers import running

ROOT = Path(__file__).parent.parent
COMPOSE = ROOT / "docker-compose.yml"
_VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")


def cluster() -> dict[str, str]:
    lines = (ROOT / "deploy" / "cluster.env").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def compose(**variables: str) -> dict[str, Any]:
    """The file with its variables replaced, as Compose does; KeyError for a required one that is not given."""

    def value(match: re.Match[str]) -> str:
        name, kind, rest = match.groups()
        return variables[name] if name in variables or kind != "-" else rest

    file = yaml.safe_load(_VARIABLE.sub(value, COMPOSE.read_text(encoding="utf-8")))
    assert isinstance(file, dict)
    return file


def services(**variables: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = compose(**variables)["services"]
    return found


SERVICES = tuple(services())


@cache
def compose_schema() -> Any:
    # check-jsonschema brings it along; the package itself is not imported.
    package = find_spec("check_jsonschema")
    assert package is not None
    assert package.origin is not None
    schema = Path(package.origin).parent / "builtin_schemas" / "vendor" / "compose-spec.json"
    return json.loads(schema.read_text(encoding="utf-8"))


@pytest.mark.parametrize("variables", [{}, cluster()], ids=["one broker", "three brokers"])
def test_the_file_is_valid_under_the_compose_specification(variables: dict[str, str]) -> None:
    jsonschema.Draft202012Validator(compose_schema()).validate(compose(**variables))


def test_the_schema_sees_a_key_that_is_none() -> None:
    wrong = compose()
    wrong["services"]["worker"]["enviroment"] = {}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(compose_schema()).validate(wrong)


def test_it_does_not_start_without_a_password_of_ones_own_and_no_password_stands_in_it() -> None:
    file = compose()
    secrets = file["secrets"]
    used = {name for service in file["services"].values() for name in service.get("secrets", [])}
    assert used == set(secrets)
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    for secret in secrets.values():  # Compose refuses a file that is not there
        assert set(secret) == {"file"}
        assert f"{Path(secret['file']).parts[0]}/" in ignored
        assert Path(secret["file"]).as_posix() in (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
    told = [item for service in file["services"].values() for item in service.get("environment", {}).items()]
    named = {name: str(value) for name, value in told if re.search("PASSWORD|SECRET|TOKEN", name)}
    assert named
    assert all(name.endswith("__FILE") and value.startswith("/run/secrets/") for name, value in named.items())
    assert {value.removeprefix("/run/secrets/") for value in named.values()} <= used


@pytest.mark.parametrize("name", SERVICES)
def test_every_image_has_a_version_and_every_published_port_is_on_loopback(name: str) -> None:
    service = services()[name]
    assert re.fullmatch(r"[a-z/-]+:v?\d+\.\d+\.\d+", service["image"]), service["image"]
    assert all(re.fullmatch(r"127\.0\.0\.1:\d+:\d+", port) for port in service.get("ports", []))


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_says_when_it_is_healthy(name: str) -> None:
    check = services()[name]["healthcheck"]
    assert check.get("test") or name in {"simulator", "history"}  # these end


def test_no_two_services_publish_the_same_port() -> None:
    ports = [port.split(":")[1] for service in services().values() for port in service.get("ports", [])]
    assert len(ports) == len(set(ports))


def test_workers_can_be_many() -> None:
    worker = services()["worker"]
    assert "ports" not in worker
    assert "container_name" not in worker
    assert all(not mount.split(":")[0].isalpha() for mount in worker.get("volumes", []))  # no volume shared


@pytest.mark.parametrize("name", SERVICES)
def test_every_mounted_path_and_every_volume_exists(name: str) -> None:
    for mount in services()[name].get("volumes", []):
        source = mount.split(":")[0]
        if source.startswith("."):
            assert (ROOT / source).exists(), source
            assert mount.endswith(":ro"), f"{mount}: configuration is only read"
        else:
            assert source in compose()["volumes"]


@pytest.mark.parametrize("name", SERVICES)
@pytest.mark.parametrize("variables", [{}, cluster()], ids=["one broker", "three brokers"])
def test_what_our_services_are_told_is_known_to_the_settings(name: str, variables: dict[str, str]) -> None:
    told = services(**variables)[name].get("environment", {})
    ours = {key: str(value) for key, value in told.items() if key.startswith("MOTCUA_")}
    settings = load({"HOME": "/", **ours})
    if name == "worker":
        known = set(services(**variables))
        assert {broker.split(":")[0] for broker in settings.brokers} <= known
        assert settings.replication == len(settings.brokers)
        assert f"{settings.http_port}" in services()["worker"]["expose"]


def test_commands_of_our_services_are_commands_of_motcua() -> None:
    from streams.cli import COMMANDS

    ours = [service for service in services().values() if service["image"].startswith("motcua:")]
    assert len(ours) == 2
    assert {service["command"][0] for service in ours} <= {entry.name for entry in COMMANDS}


def mounted(name: str) -> dict[str, Path]:
    """Where a service finds what of the project."""
    mounts = [mount.split(":") for mount in services()[name]["volumes"] if mount.startswith("./")]
    return {target: ROOT / source for source, target, *_ in mounts}


def test_prometheus_scrapes_the_workers_and_reads_all_rules_where_they_are_mounted() -> None:
    file = yaml.safe_load((ROOT / "deploy" / "prometheus.yml").read_text(encoding="utf-8"))
    names, places = services(), mounted("prometheus")
    (pattern,) = file["rule_files"]
    rules = places[str(Path(pattern).parent)].glob(Path(pattern).name)
    assert {path.name for path in rules} == {"rules.yml", "alerts.yml"}
    found = file["scrape_configs"][0]["dns_sd_configs"][0]
    assert found["names"] == ["worker"]
    assert found["port"] == BY_NAME["http_port"].default
    (alertmanager,) = file["alerting"]["alertmanagers"][0]["static_configs"][0]["targets"]
    assert alertmanager.split(":")[0] in names


def test_alertmanager_has_the_generated_configuration_with_its_templates_and_receivers() -> None:
    (folder,) = mounted("alertmanager").values()
    told = next(word for word in services()["alertmanager"]["command"] if "config.file" in word)
    file = yaml.safe_load((folder / Path(told.partition("=")[2]).name).read_text(encoding="utf-8"))
    assert file["route"]["receiver"] in {receiver["name"] for receiver in file["receivers"]}
    assert all((folder / template).exists() for template in file["templates"])


def test_grafana_reads_from_the_prometheus_beside_it() -> None:
    folder = ROOT / "deploy" / "grafana" / "provisioning" / "datasources"
    (source,) = yaml.safe_load((folder / "prometheus.yml").read_text(encoding="utf-8"))["datasources"]
    assert source["url"] == "http://prometheus:9090"
    assert "prometheus" in services()


def test_grafana_finds_the_boards_and_nobody_looks_without_signing_in() -> None:
    folder = ROOT / "deploy" / "grafana" / "provisioning" / "dashboards"
    (provider,) = yaml.safe_load((folder / "motcua.yml").read_text(encoding="utf-8"))["providers"]
    (place, held) = next((target, path) for target, path in mounted("grafana").items() if "boards" in target)
    assert provider["options"]["path"].startswith(f"{place}/")
    boards = list((held / provider["options"]["path"].removeprefix(f"{place}/")).glob("*.json"))
    assert len(boards) == 6
    assert provider["allowUiUpdates"] is False
    environment = services()["grafana"]["environment"]
    assert environment["GF_AUTH_ANONYMOUS_ENABLED"] == "false"
    assert Path(environment["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"].replace(place, str(held))).exists()


def test_prometheus_keeps_longer_than_the_boards_look_back_and_shares_its_volume_with_the_history() -> None:
    kept = next(
        re.search(r"retention\.time=(\d+)d", word) for word in services()["prometheus"]["command"] if "time" in word
    )
    assert kept is not None
    boards = "".join(
        path.read_text(encoding="utf-8") for path in mounted("grafana")["/var/lib/grafana-boards"].rglob("*.json")
    )
    spans = {"d": 1, "w": 7}
    back = [int(number) * spans[letter] for number, letter in re.findall(r"offset (\d+)([dw])", boards)]
    assert max(back) >= 364
    assert int(kept[1]) >= 2 * max(back)
    shared = [mount for mount in services()["history"]["volumes"] if mount.startswith("prometheus:")]
    assert shared == [mount for mount in services()["prometheus"]["volumes"] if mount.startswith("prometheus:")]


# -- Kafka's settings on a real broker ------------------------------------------------------------------------------

HOST_PORT = re.compile(r"([\w-]*):(\d+)")


def properties_of(environment: dict[str, str]) -> dict[str, str]:
    """What the image makes of its variables: `_` is a dot, `__` a `_`, `___` a hyphen."""
    found = {}
    for name, value in environment.items():
        if name.startswith("KAFKA_"):
            key = name.removeprefix("KAFKA_").lower().replace("___", "-").replace("__", "\0")
            found[key.replace("_", ".").replace("\0", "_")] = str(value)
    return found


class Ports:
    """A free port of this machine for each port of each container."""

    def __init__(self) -> None:
        self._of: dict[tuple[str, str], int] = {}

    def of(self, container: str, port: str) -> int:
        place = container, port
        if place not in self._of:
            self._of[place] = free_port(tuple(self._of.values()))
        return self._of[place]

    def here(self, text: str, container: str) -> str:
        """The same addresses on loopback."""
        return HOST_PORT.sub(lambda match: f"127.0.0.1:{self.of(match[1] or container, match[2])}", text)


def node_of(name: str, file: dict[str, Any], ports: Ports, folder: Path) -> Node:
    properties = properties_of(file["services"][name]["environment"])
    published = {port.split(":")[1]: port.split(":")[2] for port in file["services"][name]["ports"]}
    for advertised, inside in published.items():  # what is advertised to the host is a port of the container
        properties["advertised.listeners"] = properties["advertised.listeners"].replace(
            f"127.0.0.1:{advertised}", f"{name}:{inside}"
        )
    for key in ("controller.quorum.voters", "listeners", "advertised.listeners"):
        separator = "@" if key == "controller.quorum.voters" else "//"
        parts = [part.split(separator) for part in properties[key].split(",")]
        properties[key] = ",".join(f"{head}{separator}{ports.here(tail, name)}" for head, tail in parts)
    node = Node(
        id=int(properties["node.id"]),
        port=ports.of(name, "9092"),
        voters={int(properties["node.id"]): ports.of(name, "9093")},
        folder=folder / name,
    )
    assert properties.pop("log.dirs") == file["services"][name]["volumes"][0].split(":")[1]
    return Node(id=node.id, port=node.port, voters=node.voters, folder=node.folder, extra=properties)


@pytest.mark.integration
@pytest.mark.parametrize(
    ("variables", "names"), [({}, ["kafka"]), (cluster(), ["kafka", "kafka-2", "kafka-3"])], ids=["one", "three"]
)
def test_the_settings_of_kafka_start_a_real_one(variables: dict[str, str], names: list[str], tmp_path: Path) -> None:
    file, ports = compose(**variables), Ports()
    assert file["services"]["kafka"]["image"].endswith(f":{DEFAULT_VERSION}")
    nodes = [NodeProcess(node_of(name, file, ports, tmp_path), DEFAULT_VERSION, None) for name in names]
    try:
        for node in nodes:
            node.format(file["services"]["kafka"]["environment"]["CLUSTER_ID"])
            node.launch()
        for node in nodes:
            node.wait_until_ready(len(names), 90)
    finally:
        for node in nodes:
            node.stop()


# -- Prometheus and Alertmanager, the real ones ---------------------------------------------------------------------


@pytest.mark.integration
def test_the_configurations_of_prometheus_and_alertmanager_start_the_real_ones(tmp_path: Path) -> None:
    known: dict[str, str] = {"config.file": "", "storage.path": f"{tmp_path}/alertmanager"}
    folder = mounted("alertmanager")["/etc/alertmanager"]
    known["config.file"] = str(folder / "alertmanager.yml")
    with running("prometheus-alertmanager", here(services()["alertmanager"]["command"], known), tmp_path) as alerting:
        assert alerting.ask("/api/v2/status")["cluster"]["status"] == "disabled"
        config = yaml.safe_load((ROOT / "deploy" / "prometheus.yml").read_text(encoding="utf-8"))
        config["rule_files"] = [f"{mounted('prometheus')['/etc/prometheus/rules']}/*.yml"]
        for part in (config["alerting"]["alertmanagers"][0], *config["scrape_configs"]):
            part.pop("dns_sd_configs", None)  # a name of another container
            part["static_configs"] = [{"targets": [alerting.address]}]
        (tmp_path / "prometheus.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
        known = {"config.file": f"{tmp_path}/prometheus.yml", "storage.tsdb.path": f"{tmp_path}/prometheus"}
        with running("prometheus", here(services()["prometheus"]["command"], known), tmp_path) as prometheus:
            groups = prometheus.ask("/api/v1/rules")["data"]["groups"]
            assert {"motcua-rates", "motcua-catalogue", "motcua-points", "motcua-pipeline"} <= {
                group["name"] for group in groups
            }
            found = prometheus.until("/api/v1/alertmanagers", lambda said: said["data"]["activeAlertmanagers"])
            assert alerting.address in found[0]["url"]
            flags = prometheus.ask("/api/v1/status/flags")["data"]
            assert flags["storage.tsdb.retention.time"] == "800d"


def here(command: list[str], known: dict[str, str]) -> list[str]:
    """The arguments of a container with paths of this machine."""
    words = []
    for word in command:
        name, equals, value = word.removeprefix("--").partition("=")
        words.append(f"--{name}{equals}{known.get(name, value)}")
    return words


# -- the image, without Docker --------------------------------------------------------------------------------------


def dockerfile() -> list[tuple[str, str]]:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(line.split(None, 1)[0], line.split(None, 1)[1]) for line in lines]


def test_the_image_does_not_run_as_root_and_has_a_version() -> None:
    steps = dockerfile()
    assert [value for step, value in steps if step == "USER"] == ["10001"]
    images = [value.split()[0] for step, value in steps if step == "FROM"]
    assert len(set(images)) == 1
    assert re.fullmatch(r"python:3\.11\.\d+-slim-[a-z]+", images[0])
    assert any(step == "HEALTHCHECK" for step, _ in steps)


def test_the_builder_is_sent_what_the_image_copies_and_nothing_else() -> None:
    copied = {
        word
        for step, value in dockerfile()
        if step == "COPY" and not value.startswith("--from")
        for word in value.split()[:-1]
    }
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in lines
    assert {line.removeprefix("!") for line in lines if line.startswith("!")} == copied
    assert all((ROOT / path).exists() for path in copied)


def test_the_lock_of_the_image_is_part_of_the_whole_lock() -> None:
    def pinned(path: Path) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for line in path.read_text(encoding="utf-8").splitlines():
            if re.match(r"[a-z0-9]", line):
                name = line.rstrip(" \\")
                found[name.split(" ;")[0]] = found.setdefault(name.split(" ;")[0], [])
            elif "--hash=" in line:
                found[list(found)[-1]].append(line.strip(" \\"))
        return found

    whole, image = pinned(ROOT / "requirements.lock"), pinned(ROOT / "deploy" / "requirements.lock")
    assert {name: whole.get(name) for name in image} == image
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    direct = [*project["dependencies"], *project["optional-dependencies"]["demo"]]
    assert {re.split("[<>=]", name)[0] for name in direct} <= {name.split("==")[0] for name in image}


@pytest.mark.integration
def test_the_commands_of_the_image_run_where_it_is_built_as_the_dockerfile_says(tmp_path: Path) -> None:
    places = {"/opt/motcua": f"{tmp_path}/opt", "/wheel": f"{tmp_path}/wheel", "--wheel-dir /wheel": ""}
    source = tmp_path / "src"
    source.mkdir()
    build = dockerfile()[: [step for step, _ in dockerfile()].index("FROM", 1)]
    for step, value in build:
        words = value.split()
        if step == "COPY":
            for word in words[:-1]:
                target = source / (word if words[-1] != "./" else Path(word).name)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.symlink_to(ROOT / word)
        elif step == "RUN":
            for inside, here in places.items():
                value = value.replace(inside, here) if here else value  # noqa: PLW2901
            command = shlex.split(value)
            command[0] = sys.executable if command[0] == "python" else command[0]
            done = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
            assert done.returncode == 0, f"{value}\n{done.stdout}{done.stderr}"
    entry = json.loads(next(value for step, value in dockerfile() if step == "ENTRYPOINT"))
    environ = {"HOME": str(tmp_path), "PATH": f"{tmp_path}/opt/bin:{os.environ['PATH']}", "MOTCUA_DATA": str(tmp_path)}
    for arguments, expected in ((["settings"], "http_port"), (["--help"], "worker"), (["demo", "--help"], "--broker")):
        done = subprocess.run(
            [f"{tmp_path}/opt/bin/{entry[0]}", *arguments],
            cwd=tmp_path,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert expected in done.stdout
    assert not list((tmp_path / "opt").rglob("pytest"))
