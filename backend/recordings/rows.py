"""The worklist's rows: what a header says, what was found out, what a model says, and how far the reading is."""

from backend.recordings.counting import PredictionCounts
from backend.recordings.schemas import OutputCounts, Recording
from backend.recordings.summary import Summary
from models.records import Entry
from models.signals.rpeaks import DETECTOR
from models.zoo import Model


def recording(entry: Entry, summary: Summary, output: OutputCounts | None = None) -> Recording:
    """The worklist's row."""
    return Recording.model_construct(  # every part was checked where it was made; a list has hundreds of rows
        id=entry.id,
        name=entry.name,
        source=entry.source,
        leads=list(entry.leads),
        fs=entry.fs,
        samples=entry.samples,
        seconds=entry.seconds,
        comments=list(entry.comments),
        age=entry.age,
        sex="M" if entry.sex == "M" else "F" if entry.sex == "F" else None,
        annotated=entry.annotated,
        synthetic=entry.synthetic,
        credit=entry.credit,
        beat_source=summary.beat_source or _expected(entry),
        counts=summary.counts,
        spark=summary.spark,
        beats=summary.beats,
        output=output,
    )


def without_patient(row: Recording) -> Recording:
    """The row for those who may not see what the header says of the patient."""
    return row.model_copy(update={"comments": [], "age": None, "sex": None})


def output(model: Model, summary: Summary, counted: PredictionCounts | None, read: frozenset[int]) -> OutputCounts:
    """What the model says of the recording, as far as it is counted; `read` are the samples that bear a reading."""
    seen = model.seen(summary) if summary.sha256 else None
    if counted is None or counted.trouble:
        return OutputCounts(seen=seen, trouble=counted.trouble if counted else None)
    return OutputCounts.model_construct(
        seen=seen,
        counts=counted.counts,
        compared=counted.compared,
        disagreements=counted.disagreements,
        uncertain=counted.uncertain,
        to_read=len(counted.queue),
        read=len(counted.queue & read),
    )


def _expected(entry: Entry) -> str:
    """Where the beats will come from, as far as the header tells."""
    if not entry.annotated:
        return DETECTOR
    return "truth (synthesised)" if entry.synthetic else "reference"
