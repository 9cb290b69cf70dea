"""Petitions as an input: one message holds one as JSON, or many as NDJSON; each becomes facts of a case of its own."""

from collections.abc import Iterator

from streams.core.facts import Fact
from streams.core.petitions import Petition
from streams.sources.native import items
from streams.sources.references import ReferenceReader, petition_facts, reference_of
from streams.sources.rejections import Reason, Refused, Rejection


class PetitionReader:
    """Reads petitions; `max_ahead` (seconds) is how far a moment may lie ahead of its input record's timestamp.

    Like a dossier's, the unit of a petition may be unknown to the register: it is shown as unregistered.
    """

    def __init__(self, max_ahead: int) -> None:
        self._reader = ReferenceReader(max_ahead)

    def read(
        self, payload: bytes | None, stamp: int, input_: str, offset: int, place: int
    ) -> Iterator[Fact | Rejection]:
        """Facts and rejections of one message, as `streams.sources.inputs.ItemReader` says."""
        if payload is None:
            yield Rejection(Reason.TOMBSTONE, "the message has no value", input_, offset, 0, stamp)
            return
        for index, item in enumerate(items(payload)):
            try:
                yield from petition_facts(self._petition(item, stamp), (place, offset, index))
            except Refused as refused:
                yield Rejection(refused.reason, refused.detail, input_, offset, index, stamp)

    def _petition(self, item: bytes, stamp: int) -> Petition:
        found = self._reader.checked(reference_of(item), stamp)
        if not isinstance(found, Petition):
            raise Refused(Reason.UNKNOWN_KIND, "`kind` is not `petition`, and this topic takes nothing else")
        return found
