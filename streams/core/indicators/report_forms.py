"""The forms that most indicators of reports have, to say each in a line or two."""

from typing import Final, TypeAlias

from streams.core.indicators.records import Amount, Basis, Indicator, Kind, Merge

Words: TypeAlias = tuple[str, str]  # Vietnamese, English
FINISHED: Final = Amount(("finished_early", "finished_on_time", "finished_late", "finished_no_due"))
RECEIVED: Final = Amount(("received",))


def share(id_: str, group: str, words: Words, parts: tuple[Amount, Amount], formula: str) -> Indicator:
    """A share of dossiers or petitions."""
    vi, en = words
    above, below = parts
    return Indicator(id=id_, group=group, vi=vi, en=en, numerator=above, denominator=below, formula=formula)


def procedures(id_: str, group: str, words: Words, parts: tuple[str, str], formula: str) -> Indicator:
    """A share of procedures, each counted once over all units."""
    vi, en = words
    return Indicator(
        id=id_,
        group=group,
        vi=vi,
        en=en,
        numerator=Amount(parts[:1]),
        denominator=Amount(parts[1:]),
        merge=Merge.UNION,
        basis=Basis.DECLARED,
        formula=formula,
    )


def count(id_: str, group: str, words: Words, counted: Amount, formula: str) -> Indicator:
    """A count alone."""
    vi, en = words
    return Indicator(id=id_, group=group, vi=vi, en=en, numerator=counted, kind=Kind.COUNT, formula=formula)
