"""What Grafana reads at its start: the data source, and where the boards lie.  And what Prometheus scrapes."""

from __future__ import annotations

from typing import Any, Final

import yaml

from dashboards.grafana.records import Language

FOLDER: Final = "Một cửa"
FOLDER_UID: Final = "motcua"
SOURCE_UID: Final = "prometheus"
BOARDS_PLACE: Final = "/var/lib/grafana-boards"
JOB: Final = "motcua"
SCRAPE_S: Final = 5
EVALUATE_S: Final = 15
RULES_PLACE: Final = "/etc/prometheus/rules/*.yml"
_HEAD: Final = "# Made by `motcua dashboards build` from {}. Change it there.\n"
Json = dict[str, Any]


def source(url: str) -> Json:
    """The data source as Grafana's provisioning and its HTTP interface both know it."""
    return {
        "name": "Prometheus",
        "uid": SOURCE_UID,
        "type": "prometheus",
        "access": "proxy",
        "url": url,
        "isDefault": True,
        # POST: expressions with many units do not fit into an address. The interval makes $__rate_interval right.
        "jsonData": {"httpMethod": "POST", "timeInterval": f"{SCRAPE_S}s", "prometheusType": "Prometheus"},
    }


def datasources() -> str:
    """provisioning/datasources/prometheus.yml."""
    held = {**source("http://prometheus:9090"), "editable": False}
    return _text({"apiVersion": 1, "datasources": [held]}, "dashboards/grafana/provisioning.py")


def providers(language: Language) -> str:
    """provisioning/dashboards/motcua.yml: boards from files, which nobody changes in the browser."""
    provider = {
        "name": "motcua",
        "orgId": 1,
        "folder": FOLDER,
        "folderUid": FOLDER_UID,
        "type": "file",
        "disableDeletion": True,
        "allowUiUpdates": False,
        "updateIntervalSeconds": 60,
        "options": {"path": f"{BOARDS_PLACE}/{language}", "foldersFromFilesStructure": False},
    }
    return _text({"apiVersion": 1, "providers": [provider]}, "dashboards/grafana/provisioning.py")


def prometheus(port: int) -> str:
    """prometheus.yml: every worker, Prometheus and Alertmanager themselves, rules, where alerts go."""
    alertmanager = {"static_configs": [{"targets": ["alertmanager:9093"]}]}
    jobs = [
        # Every worker, however many there are; the figures of units come from the one that holds INDEX.
        {
            "job_name": JOB,
            "dns_sd_configs": [{"names": ["worker"], "type": "A", "port": port, "refresh_interval": "10s"}],
        },
        {"job_name": "prometheus", "static_configs": [{"targets": ["127.0.0.1:9090"]}]},
        {"job_name": "alertmanager", "static_configs": [{"targets": ["alertmanager:9093"]}]},
    ]
    file = {
        "global": {"scrape_interval": f"{SCRAPE_S}s", "evaluation_interval": f"{EVALUATE_S}s"},
        "rule_files": [RULES_PLACE],
        "alerting": {"alertmanagers": [alertmanager]},
        "scrape_configs": jobs,
    }
    return _text(file, "dashboards/grafana/provisioning.py")


def _text(file: Json, origin: str) -> str:
    text: str = yaml.safe_dump(file, allow_unicode=True, sort_keys=False)
    return _HEAD.format(origin) + text
