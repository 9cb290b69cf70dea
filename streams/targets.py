"""Finding the targets of units: the file of the setting, or none."""

from streams.core.alerting.records import Target
from streams.core.alerting.targets import TargetsError, read_targets
from streams.core.register import Register
from streams.settings import Settings


def targets_of(settings: Settings, register: Register) -> dict[str, Target]:
    """The targets of the setting `targets`; none where it is not set: nothing is below a target then."""
    named = settings.targets
    if named is None:
        return {}
    try:
        with named.open(encoding="utf-8-sig", newline="") as lines:
            return read_targets(lines, str(named), register)
    except (OSError, UnicodeDecodeError) as error:
        raise TargetsError(f"the targets {named} (setting targets) cannot be read: {error}") from error
