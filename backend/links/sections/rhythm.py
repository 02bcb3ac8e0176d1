"""Beats and reference rhythms in a window that lies around no beat."""

from backend.json_numbers import number
from backend.links.schemas import FrozenRhythm, RhythmBeat
from backend.predictions.context import WindowContext
from backend.windows.views import all_marks
from models.signals.beats import beats
from models.signals.intervals import intervals


def freeze(context: WindowContext) -> FrozenRhythm | None:
    """What lies in the window itself; None around a beat, whose strip has its neighbours, and where there is no ECG."""
    record, anchors = context.record, context.cutter.anchors
    if anchors.beats is not None or record.kind != "ecg":
        return None
    first, last = int(anchors.starts[context.index]), int(anchors.ends[context.index])
    found = beats(record, context.lead)
    rr = intervals(record, context.lead, found)
    inside = [i for i, r in enumerate(found.r.tolist()) if first <= r < last]
    symbols = found.symbols or (None,) * len(found)
    shown = [
        RhythmBeat(time=int(found.r[i]) / record.fs, symbol=symbols[i], rr=number(rr.before[i], 2)) for i in inside
    ]
    marks = [mark for mark in all_marks(record).marks if mark.end is not None and mark.vocabulary != "wfdb"]
    return FrozenRhythm(beats=shown, marks=[mark for mark in marks if mark.start < last and (mark.end or 0) > first])
