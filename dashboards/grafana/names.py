"""The metrics that boards and rules read, by what they mean: the one place of these names outside the catalogue."""

from __future__ import annotations

from typing import Final

# The index of a unit: labels run, unit, level, period, and those named.
TOTAL: Final = "motcua_index_score"
REACHABLE: Final = "motcua_index_reachable"
GROUP_POINTS: Final = "motcua_index_group_points"  # group
POINTS: Final = "motcua_index_points"  # indicator
NUMERATOR: Final = "motcua_index_numerator"  # indicator
DENOMINATOR: Final = "motcua_index_denominator"  # indicator
RANK: Final = "motcua_index_rank"  # peers

# Counts of a unit.
RECEIVED: Final = "motcua_dossiers_received"
STANDING: Final = "motcua_dossiers"  # state
FINISHED: Final = "motcua_dossiers_finished"  # outcome
CHANNEL: Final = "motcua_dossiers_channel"  # channel
WATCHED: Final = "motcua_watchlist"  # state, without period
DUE_TODAY: Final = "due_today"
DUE_SOON: Final = "due_soon"
LATE: Final = "late"

# Units themselves.
UNIT_INFO: Final = "motcua_unit_info"  # name, province
REGISTERED: Final = "motcua_units_registered"  # province, level

# Alerts.
ALERT: Final = "motcua_alert_active"

# The run.
AS_OF: Final = "motcua_index_as_of_seconds"
COMPLETE: Final = "motcua_index_complete"
CASES: Final = "motcua_cases"
ITEMS: Final = "motcua_items"  # outcome
DEFINITIONS: Final = "motcua_definitions_info"  # kind, version
RESTATEMENTS: Final = "motcua_restatements_total"

# Workers.
READ: Final = "motcua_intake_items_read_total"
IGNORED: Final = "motcua_intake_items_ignored_total"
REJECTED: Final = "motcua_items_rejected_total"  # reason
FOLDED: Final = "motcua_facts_folded_total"
REDELIVERED: Final = "motcua_facts_redelivered_total"
WRITTEN: Final = "motcua_states_written_total"
TAKE_OVERS: Final = "motcua_take_overs_total"
TOLD: Final = "motcua_index_entries_written_total"
STAGE_MESSAGES: Final = "motcua_stage_messages_total"  # stage
STAGE_SECONDS: Final = "motcua_stage_seconds_total"  # stage
OWNED: Final = "motcua_partitions_owned"
HELD: Final = "motcua_cases_held"
INDEX_HELD: Final = "motcua_index_held"
READY: Final = "motcua_ready"
MEMORY: Final = "process_resident_memory_bytes"
CPU: Final = "process_cpu_seconds_total"
UP: Final = "up"

# Recorded by rules.
MAXIMUM: Final = "motcua:indicator:maximum"  # indicator, group, catalogue
GROUP_MAXIMUM: Final = "motcua:group:maximum"  # group, catalogue
INDICATOR_RATIO: Final = "motcua:indicator:ratio"  # indicator; country and provinces
INDICATOR_POINTS: Final = "motcua:indicator:points"  # indicator; country and provinces
RATE_766: Final = "motcua:rate_766:ratio"
REPORT_RATE: Final = "motcua:report_rate:ratio"
ONLINE_RATE: Final = "motcua:online_rate:ratio"
