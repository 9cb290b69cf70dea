"""A statement beside dossiers (a procedure, a declared total) as a case of another kind, with one register.

So the later statement holds whatever the order and repetition, its item is counted once, and a worker that crashed or
was frozen does no harm: as for every case.  The value of the register is what was stated, without stamp and source.
"""

from typing import Any, Final, NamedTuple, TypeAlias

import msgspec

from streams.core.cases import Case
from streams.core.declarations import DeclaredTotal
from streams.core.fields import STATED
from streams.core.procedures import Procedure
from streams.core.references import Reference

Stated: TypeAlias = dict[str, Any]
AnyStatement: TypeAlias = Procedure | DeclaredTotal
STATEMENTS: Final = (Procedure, DeclaredTotal)
MARK: Final = "\x01"
"""First character of the case of a statement: no code of a dossier begins so."""
_OF_THE_STAMP: Final = ("recorded", "id", "source")
_NEVER: Final = "1970-01-01T00:00:00Z"


class Statement(NamedTuple):
    """What holds of one key, with the stamp (micros, id) of who stated it last."""

    key: str
    recorded: int
    id: str
    stated: Stated


def case_of(reference: Reference) -> str:
    """The case of what a reference is about."""
    return MARK + reference.key


def said_of(reference: Reference) -> Stated:
    """What a reference states, as the wire of facts has it."""
    said: Stated = msgspec.to_builtins(reference)
    for name in _OF_THE_STAMP:
        said.pop(name, None)
    return said


def reference_of(stated: Stated) -> AnyStatement:
    """The reference behind what was stated, without its stamp; msgspec.ValidationError where there is none."""
    found: AnyStatement = msgspec.convert({**stated, "recorded": _NEVER}, AnyStatement)
    return found


def statement_of(case: str, held: Case) -> Statement:
    """The statement in a case of one."""
    recorded, id_ = held.stamp(STATED)
    return Statement(case.removeprefix(MARK), recorded, id_, held.flat[STATED])
