"""The rhythm around the window."""

import numpy as np

from backend.json_numbers import numbers
from backend.links.schemas import Strip, StripWindow
from backend.predictions.context import WindowContext
from backend.predictions.service import Predictor
from backend.windows.views import all_windows

SECONDS = 8.0  # of rhythm around a beat
MARGIN = 1.0  # s either side of a longer window


def freeze(predictor: Predictor, context: WindowContext) -> Strip:
    """The signal of the strip, undecimated, and the windows that lie in it: nothing is shown of what lies beyond."""
    record = context.record
    first, last = extent(context)
    lead, stretch = record.leads[context.lead], (first / record.fs, last / record.fs)
    found = all_windows(predictor, record.id, lead, context.model.card.id, stretch).lists()
    shown = found.windows
    beats, nothing = shown.beats, [None] * len(shown.at)
    said = [beats.rr, beats.rr_note] if beats else [nothing, nothing]
    columns = zip(shown.time, shown.label, shown.prediction, shown.margin, *said, strict=True)
    near = [
        StripWindow(time=time, label=label, prediction=prediction, margin=margin, rr=rr, rr_note=note)
        for start, end, (time, label, prediction, margin, rr, note) in zip(shown.start, shown.end, columns, strict=True)
        if first <= start and end <= last
    ]
    return Strip(
        start=first / record.fs,
        time=numbers(np.arange(first, last) / record.fs, 5),
        value=numbers(record.signal[context.lead, first:last], 4),
        windows=near,
        source=found.source,
    )


def extent(context: WindowContext) -> tuple[int, int]:
    """First sample of the strip and the one after its last: 8 s, or all of the window, within the recording."""
    record, anchors = context.record, context.cutter.anchors
    begins, ends = (int(edges[context.index]) for edges in (anchors.starts, anchors.ends))
    middle = context.at if anchors.beats is not None else (begins + ends) // 2
    wanted = max(SECONDS, (ends - begins) / record.fs + 2 * MARGIN)
    size = min(record.samples, round(wanted * record.fs))
    first = max(0, min(middle - size // 2, record.samples - size))
    return first, first + size
