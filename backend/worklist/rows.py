"""The worklist's rows: what a header says, what was found out, what a model says, and how far the reading is."""

from typing import Any

from pydantic import BaseModel

from backend.recordings.schemas import Findings, Header
from backend.recordings.summary import Summary
from backend.worklist.counting import PredictionCounts
from backend.worklist.schemas import Counts, OutputCounts, RecordingResponse
from models.records import Entry
from models.signals.beats import NO_BEATS
from models.signals.rpeaks import DETECTOR
from models.zoo import Model


def recording(
    entry: Entry, summary: Summary, output: OutputCounts | None = None, progress: str | None = None
) -> RecordingResponse:
    """The worklist's row."""
    fields = _header(entry) | _fields(summary, Findings)
    fields["notes"] = summary.notes or fields["notes"]
    fields["beat_source"] = summary.beat_source or _expected(entry)
    return RecordingResponse.model_construct(
        **fields, output=output, progress=progress
    )  # checked where it was made; a list has hundreds of rows


def without_patient(row: RecordingResponse) -> RecordingResponse:
    """The row for those who may not see what the header says of the patient."""
    return row.model_copy(update={"comments": [], "age": None, "sex": None})


def output(model: Model, summary: Summary, counts: PredictionCounts | None, read: frozenset[int]) -> OutputCounts:
    """A model's counts for the recording, as far as there are any; `read` are the samples that bear a reading."""
    seen = model.seen(summary) if summary.sha256 else None
    if counts is None or counts.trouble:
        return OutputCounts(seen=seen, trouble=counts.trouble if counts else None)
    fields = _fields(counts, Counts)
    return OutputCounts.model_construct(**fields, seen=seen, to_read=len(counts.queue), read=len(counts.queue & read))


def _header(entry: Entry) -> dict[str, Any]:
    fields = _fields(entry, Header)
    lists = {name: list(value) for name, value in fields.items() if isinstance(value, tuple)}
    return fields | lists | {"sex": entry.sex if entry.sex in ("M", "F") else None}


def _fields(source: object, model: type[BaseModel]) -> dict[str, Any]:
    """The source's values for the fields of a model: a new field of the model needs no line here."""
    return {name: getattr(source, name) for name in model.model_fields}


def _expected(entry: Entry) -> str:
    """The expected source of the beats, as far as the header tells."""
    if entry.kind != "ecg":
        return NO_BEATS
    if not entry.annotated:
        return DETECTOR
    return "truth (synthesised)" if entry.synthetic else "reference"
