"""The vocabulary of counts that indicators are made of: one entry per count, said once.

A catalogue may use only these names.  Those of family DAY are counters of dossiers and petitions in the cells of a unit
and a civil day (`streams.core.counters`; a count that it does not hold yet is on the list of what is missing, in
docs/indicators.md).  The others are made in INDEX from cells of a procedure and month, from references, or from the
register.
"""

from enum import StrEnum
from typing import Final

import msgspec


class Family(StrEnum):
    """Where a count comes from."""

    DAY = "day"  # cells of a unit and civil day
    STOCK = "stock"  # from the same cells, of all days before the period
    PROCEDURE = "procedure"  # cells of a unit, procedure and month, with the references of procedures
    REFERENCE = "reference"  # the references alone: procedures as of a day
    DECLARED = "declared"  # declared totals beside the counts of each unit
    REGISTER = "register"  # counts of units


class Quantity(msgspec.Struct, frozen=True, kw_only=True):
    """One count: its name in cells, figures and catalogues, the day that it counts on, and its exact definition.

    `on` is "received", "ended", or "" where no day decides.  With `verdict` the counter is kept for every horizon (now,
    and the end of week, month, quarter and year), as `on_time` is.  `sums` says that a dossier adds a number, not a 1.
    """

    name: str
    family: Family
    definition: str
    on: str = ""
    verdict: bool = False
    sums: bool = False


def _day(name: str, on: str, definition: str, *, verdict: bool = False, sums: bool = False) -> Quantity:
    return Quantity(name=name, family=Family.DAY, on=on, definition=definition, verdict=verdict, sums=sums)


_DOSSIERS: Final = (
    _day("received", "received", "dossiers accepted"),
    _day("online", "received", "`channel` is 2"),
    _day("postal", "received", "`channel` is 3"),
    _day("on_time", "received", "ended, and in time", verdict=True),
    _day("late", "received", "ended, and late", verdict=True),
    _day("open_within", "received", "in process, within due", verdict=True),
    _day("open_overdue", "received", "in process, overdue", verdict=True),
    _day("ended_no_due", "received", "ended, without a due date that scores", verdict=True),
    _day("open_no_due", "received", "in process, without a due date that scores", verdict=True),
    _day(
        "unblamed",
        "received",
        "`on_time` or `open_within`, and no `complained` before T (the horizon's own instant)",
        verdict=True,
    ),
    _day("result_issued", "received", "`result_issued` has a moment before T"),
    _day("digitised", "received", "`digitised` has a moment before T"),
    _day("reused", "received", "`reused` has a moment before T"),
    _day("linked", "received", "`linked` has a moment before T"),
    _day("population_data", "received", "`population_data` has a moment before T"),
    _day("identified", "received", "`identified` has a moment before T"),
    _day("apologised", "received", "`apologised` has a moment before T"),
    _day(
        "with_obligation",
        "received",
        "an element of `payment_asked` or `paid` before T has an amount class of 1 or more (an all-zero fee is none)",
    ),
    _day(
        "paid",
        "received",
        "`with_obligation`, and an element of `paid` before T has an amount class of 1 or more, however it was paid",
    ),
    _day("paid_online", "received", "`paid` by `national_portal` or `local_gateway`"),
    _day("paid_cashless", "received", "`paid` by `national_portal`, `local_gateway` or `transfer`"),
)
_ENDS: Final = (
    _day("ends", "ended", "ended, with or without result"),
    _day("finished_early", "ended", "finished or returned, on a civil day before that of the due date"),
    _day("finished_on_time", "ended", "finished or returned, on the civil day of the due date"),
    _day("finished_late", "ended", "finished or returned, on a later civil day than that of the due date"),
    _day("finished_no_due", "ended", "finished or returned, without a due date"),
    _day("timed", "ended", "finished or returned, and its working time used is known (there is a calendar for it)"),
    _day(
        "timed_minutes",
        "ended",
        "working minutes from `accepted` to the end, less its supplement rounds, of `timed`",
        sums=True,
    ),
    _day("compared", "ended", "`timed`, and the working time allowed is known: a due date scores"),
    _day("compared_minutes", "ended", "as `timed_minutes`, of `compared`", sums=True),
    _day("allowed_minutes", "ended", "working minutes from `accepted` to the due date, of `compared`", sums=True),
    _day("returned_by_post", "ended", "finished or returned, and `returned_how` is 2"),
    _day("rated", "ended", "finished or returned, and an element of `rated` before T"),
    _day("rated_satisfied", "ended", "`rated`, and the latest element of `rated` before T is 4 or 5"),
    _day(
        "five_on_the_spot",
        "ended",
        "finished or returned, steps at the centre before T `appraised`, `approved` and `stamped` it, and"
        " `returned_how` is 1",
    ),
)
_PETITIONS: Final = (
    _day("petitions", "received", "petitions received"),
    _day(
        "petitions_in_time",
        "received",
        "petitions answered by their due date (15 working days), or open and within it",
        verdict=True,
    ),
    _day(
        "petitions_well",
        "received",
        "`petitions_in_time`, and neither `disliked` nor `repeated` before T",
        verdict=True,
    ),
    _day(
        "petitions_no_due",
        "received",
        "petitions whose due date is not known: no calendar, or one that lacks the year",
        verdict=True,
    ),
    _day("petitions_open", "received", "petitions not answered before T"),
    _day("petitions_due_soon", "received", "`petitions_open`, on the watch list, not overdue"),
    _day("petitions_overdue", "received", "`petitions_open`, past their due date"),
    _day("petitions_procedure", "received", "petitions about a procedure"),
    _day("petitions_behaviour", "received", "petitions about behaviour"),
    _day("petitions_trips", "received", "petitions about extra trips"),
)
_STOCK: Final = (
    Quantity(
        name="carried_over",
        family=Family.STOCK,
        definition="`received` less `ends` of all days before the period: what was open when it began",
    ),
)


def _used(name: str, definition: str) -> Quantity:
    return Quantity(name=name, family=Family.PROCEDURE, definition=definition)


_PROCEDURES_USED: Final = (
    _used("procedures_used", "procedures with at least one dossier received in the period, by any channel"),
    _used(
        "services_used", "procedures offered online with at least one dossier received in the period, by any channel"
    ),
    _used("services_used_online", "procedures offered online with at least one dossier filed online in the period"),
    _used(
        "procedures_fee_dossier",
        "fee procedures with at least one dossier of the period that is `with_obligation` and `synchronised`",
    ),
    _used("procedures_fee_online", "fee procedures with at least one dossier of the period that is `paid_online`"),
    _used(
        "procedures_five_on_the_spot",
        "procedures with at least one dossier finished in the period whose steps at the centre appraised, approved and"
        " stamped it, and that was returned at the counter",
    ),
    _used("received_in_scope", "dossiers received of procedures that are offered online"),
    _used("online_in_scope", "dossiers filed online of procedures that are offered online"),
    _used("postal_in_scope", "dossiers filed by post of procedures that are offered online"),
    _used("online_full", "dossiers filed online of procedures at the full-process level (formerly level 4)"),
    _used("online_partial", "dossiers filed online of procedures at the partial level (formerly level 3)"),
)


def _stated(name: str, definition: str) -> Quantity:
    return Quantity(name=name, family=Family.REFERENCE, definition=definition)


_PROCEDURES_STATED: Final = (
    _stated("procedures", "procedures in authority: in force on the last day of the period, or today"),
    _stated("procedures_announced", "procedures announced in the period, of which it is known by when this was due"),
    _stated("procedures_announced_on_time", "of these, announced by that day"),
    _stated("procedures_to_publish", "procedures that were due to be published in the period"),
    _stated("procedures_published_on_time", "of these, published by that day"),
    _stated("procedures_published", "procedures in authority that are published"),
    _stated("procedures_complete", "of these, with full content"),
    _stated("services", "procedures in authority that are offered online, partially or in full"),
    _stated("services_full", "of these, at the full-process level"),
    _stated("services_integrated", "of these, integrated with the national portal"),
    _stated("procedures_fee", "procedures in authority with a fee"),
    _stated("procedures_citizens", "procedures in authority for citizens"),
    _stated("procedures_population", "of these, connected to population data"),
)
_DECLARED: Final = (
    Quantity(
        name="synchronised_counted",
        family=Family.DECLARED,
        definition="dossiers seen through the national portal (`synchronised`), per unit",
    ),
    Quantity(
        name="to_synchronise",
        family=Family.DECLARED,
        definition="per unit the greater of the declared total and of `synchronised`; where both are 0, its share of"
        " last year's declared total (÷ 52 week, ÷ 12 month, ÷ 4 quarter, ÷ 1 year), rounded half up",
    ),
)
_REGISTER: Final = (
    Quantity(name="units", family=Family.REGISTER, definition="the unit, or the units without units below them"),
    Quantity(
        name="units_certified",
        family=Family.REGISTER,
        definition="of `units`, those with a procedure in authority that offers electronic certified copies",
    ),
    Quantity(
        name="units_connected",
        family=Family.REGISTER,
        definition="of `units`, those of which a dossier was received or ended in the period",
    ),
)

QUANTITIES: Final = (
    _DOSSIERS + _ENDS + _PETITIONS + _STOCK + _PROCEDURES_USED + _PROCEDURES_STATED + _DECLARED + _REGISTER
)
NAMES: Final = frozenset(quantity.name for quantity in QUANTITIES)
OF_FAMILY: Final = {
    family: frozenset(quantity.name for quantity in QUANTITIES if quantity.family is family) for family in Family
}
KNOWN_IN_A_WEEK: Final = NAMES - OF_FAMILY[Family.PROCEDURE]
"""What a week has: the cells of procedures are monthly."""
