"""In what panels count, in Grafana's ids of units."""

from __future__ import annotations

from typing import Final

from dashboards.grafana.records import Language, Text, Unit

_UNITS: Final = {
    Unit.POINTS: Text("suffix: điểm", "suffix: points"),
    Unit.SHARE: Text("percentunit", "percentunit"),
    Unit.DOSSIERS: Text("suffix: hồ sơ", "suffix: dossiers"),
    Unit.COUNT: Text("none", "none"),
    Unit.PLACE: Text("prefix:hạng ", "prefix:rank "),
    Unit.SECONDS: Text("s", "s"),
    Unit.MOMENT: Text("dateTimeAsLocal", "dateTimeAsLocal"),
    Unit.PER_SECOND: Text("cps", "cps"),
    Unit.BYTES: Text("bytes", "bytes"),
    Unit.SWITCH: Text("bool_yes_no", "bool_yes_no"),
}
DECIMALS: Final = {Unit.POINTS: 2, Unit.SHARE: 2, Unit.DOSSIERS: 0, Unit.COUNT: 0, Unit.PLACE: 0}


def grafana_unit(unit: Unit, language: Language) -> str:
    """Grafana's id; what it has no unit for is a word before or after the number."""
    return _UNITS[unit].of(language)
