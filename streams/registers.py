"""Finding the unit register: the file of the setting, or the one that is shipped."""

from importlib import resources
from pathlib import Path

import msgspec

from streams.core.register import Register, RegisterError, read_register
from streams.settings import Settings

SIMULATED = "vietnam-simulated"  # with invented departments, which a real run must not show


def register_of(settings: Settings) -> Register:
    """The register of the setting `units`: a path, or the name of a shipped one; Viet Nam's when it is not set."""
    named = settings.units
    if named is None:
        return shipped("vietnam")
    if named.suffix != ".csv" and len(named.parts) == 1:
        return shipped(str(named))
    try:
        with named.open(encoding="utf-8-sig", newline="") as lines:
            return read_register(lines, str(named))
    except (OSError, UnicodeDecodeError) as error:
        raise RegisterError(f"the unit register {named} (setting units) cannot be read: {error}") from error


def as_simulated(settings: Settings) -> Settings:
    """Settings under which a simulation finds its units and the limits of its procedures, where none were set."""
    chosen = {"units": settings.units or Path(SIMULATED), "limits": settings.limits or Path(SIMULATED)}
    return msgspec.structs.replace(settings, **chosen)


def shipped(name: str) -> Register:
    """A register that comes with motcua, by name."""
    folder = resources.files("streams") / "data" / "registers"
    file = folder / f"{name}.csv"
    if not file.is_file():
        names = ", ".join(sorted(Path(one.name).stem for one in folder.iterdir() if one.name.endswith(".csv")))
        raise RegisterError(
            f"no register '{name}' is shipped (setting units); there are {names}, or give a path to a .csv"
        )
    return read_register(file.read_text(encoding="utf-8").splitlines(), name)
