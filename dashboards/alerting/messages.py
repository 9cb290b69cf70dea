"""The templates of messages: what, how many, since when, where the list is and what to do; one language a plan."""

from __future__ import annotations

from typing import Final

from dashboards.alerting.plan import Lang
from streams.core.alerting.catalogue import CONDITIONS
from streams.core.alerting.records import Condition

_HEAD: Final = "{{/* Made by `make pages` from dashboards/alerting/ and streams/core/alerting/catalogue.py. */}}\n"
_WORDS: Final = {
    "vi": {
        "since": "Từ",
        "list": "Danh sách",
        "runbook": "Cần làm gì",
        "over": "Đã hết",
        "firing": "CẢNH BÁO",
        "resolved": "ĐÃ HẾT",
        "old": "chưa xử lý xong",
        "more": "cảnh báo",
    },
    "en": {
        "since": "Since",
        "list": "List",
        "runbook": "What to do",
        "over": "Over",
        "firing": "ALERT",
        "resolved": "OVER",
        "old": "not dealt with yet",
        "more": "alerts",
    },
}


def templates(language: Lang) -> str:
    """The file of templates."""
    words = _WORDS[language]
    return "\n".join(
        [_HEAD + _named(language), _said(language, over=False), _said(language, over=True), *_bodies(words)]
    )


def _named(language: Lang) -> str:
    return _define(
        "motcua.name", _chosen([(one.id, _of(one, language)) for one in CONDITIONS], "{{ .Annotations.name }}")
    )


def _said(language: Lang, *, over: bool) -> str:
    texts = [(one.id, _sentence(one, language, over=over)) for one in CONDITIONS]
    return _define("motcua.over" if over else "motcua.says", _chosen(texts, "{{ .Annotations.says }}"))


def _of(one: Condition, language: Lang) -> str:
    return one.vi if language == "vi" else one.en


def _sentence(one: Condition, language: Lang, *, over: bool) -> str:
    says = (one.over_vi if over else one.says_vi) if language == "vi" else (one.over_en if over else one.says_en)
    return says.format(count="{{ .Annotations.count }}", of="{{ .Annotations.of }}")


def _chosen(texts: list[tuple[str, str]], otherwise: str) -> str:
    """One text by the label `alert`."""
    parts = []
    for place, (id_, text) in enumerate(texts):
        parts.append(f'{{{{ {"if" if not place else "else if"} eq .Labels.alert "{id_}" }}}}{text}')
    return "".join([*parts, "{{ else }}", otherwise, "{{ end }}"])


def _bodies(words: dict[str, str]) -> list[str]:
    unit = "{{ if .Labels.unit }}{{ .Labels.name }} ({{ .Labels.unit }}): {{ end }}"
    aged = f'{{{{ if eq .Labels.alertname "MotcuaEscalated" }}}} [{words["old"]}]{{{{ end }}}}'
    one = (
        f'• {unit}{{{{ template "motcua.name" . }}}}{aged}\n'
        '  {{ template "motcua.says" . }}.\n'
        f"  {{{{ if .Annotations.since }}}}{words['since']} {{{{ .Annotations.since }}}}. {{{{ end }}}}"
        f"{{{{ if .Annotations.list }}}}{words['list']}: {{{{ .Annotations.list }}}} . {{{{ end }}}}"
        f"{words['runbook']}: {{{{ .Annotations.runbook }}}}\n"
    )
    gone = f'• {unit}{words["over"]}: {{{{ template "motcua.name" . }}}}\n  {{{{ template "motcua.over" . }}}}.\n'
    several = f"{{{{ len .Alerts }}}} {words['more']}"
    first = '{{ with index .Alerts 0 }}{{ template "motcua.name" . }}{{ end }}'
    status = f'{{{{ if eq .Status "firing" }}}}{words["firing"]}{{{{ else }}}}{words["resolved"]}{{{{ end }}}}'
    where = "{{ if .CommonLabels.name }}{{ .CommonLabels.name }}: {{ end }}"
    return [
        _define(
            "motcua.subject",
            f"[{status}] {where}{{{{ if eq (len .Alerts) 1 }}}}{first}{{{{ else }}}}{several}{{{{ end }}}}",
        ),
        _define(
            "motcua.text",
            f"{{{{ range .Alerts.Firing }}}}{one}{{{{ end }}}}{{{{ range .Alerts.Resolved }}}}{gone}{{{{ end }}}}",
        ),
    ]


def _define(name: str, text: str) -> str:
    return f'{{{{ define "{name}" }}}}{text}{{{{ end }}}}\n'
