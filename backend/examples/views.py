"""What is said of examples, and of those nearest to a window."""

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from backend.examples.schemas import ExampleRecording, ExamplesResponse, SimilarResponse, SimilarWindow
from backend.json_numbers import numbers
from backend.predictions.context import WindowContext
from models.inside.examples import Examples
from models.inside.last_states import last_states
from models.zoo import Model

AMONG = 50  # nearest examples whose labels are counted
POINTS = 120  # of a trace, at most
UNLABELLED = "without a label"


def listed(model: Model, examples: Examples) -> ExamplesResponse:
    """Every example with its place on the map of last states."""
    placed, shares = examples.projection.of(examples.states), examples.projection.shares
    return ExamplesResponse.model_construct(
        model=model.card.id,
        weights_sha256=model.weights_sha256,
        recordings=[ExampleRecording(id=one.recording, name=one.name, seen=one.seen) for one in examples.used],
        recording=examples.recording.tolist(),
        at=[at for one in examples.used for at in one.at],
        label=examples.labels,
        output=outputs(model, examples.logits),
        x=numbers(placed[:, 0], 4),
        y=numbers(placed[:, 1], 4),
        explained=numbers(shares, 4),
        units=examples.states.shape[1],
        unread=examples.unread,
        others=examples.others,
    )


def outputs(model: Model, logits: NDArray[np.float32]) -> list[str | None]:
    """The symbols that a model gives for logits [windows, classes]."""
    best = model.card.output.best(model.card.output.chances(logits))
    return [model.card.symbols[i] if i >= 0 else None for i in best.tolist()]


def similar(context: WindowContext, examples: Examples, count: int) -> SimilarResponse:
    """The examples whose last states are nearest to that of a window."""
    model, record = context.model, context.record
    state, _ = last_states(model.network, context.window().input[None])
    patient = model.patient(record) or record.sha256 or record.id
    own = np.array([one.patient == patient or one.recording == record.id for one in examples.used], dtype=bool)
    others = np.flatnonzero(~own[examples.recording])
    away = np.sqrt(np.square(examples.states[others] - state).mean(axis=1))
    order = others[np.argsort(away, kind="stable")]
    labels, far = examples.labels, dict(zip(others.tolist(), away.tolist(), strict=True))
    place = examples.projection.of(state)[0]
    said = outputs(model, examples.logits)
    return SimilarResponse(
        model=model.card.id,
        x=round(float(place[0]), 4),
        y=round(float(place[1]), 4),
        usual_distance=examples.usual_distance,
        left_out=int(own[examples.recording].sum()),
        nearest=[one(examples, row, far[row], labels[row], said[row]) for row in order[:count].tolist()],
        among=dict(Counter(labels[row] or UNLABELLED for row in order[:AMONG].tolist()).most_common()),
    )


def one(examples: Examples, row: int, distance: float, label: str | None, output: str | None) -> SimilarWindow:
    """One example at its distance."""
    index = int(examples.recording[row])
    drawn = examples.used[index]
    first = int(np.searchsorted(examples.recording, index))
    values = examples.inputs[row, 0]
    return SimilarWindow(
        recording=drawn.recording,
        name=drawn.name,
        at=drawn.at[row - first],
        seen=drawn.seen,
        label=label,
        output=output,
        distance=round(distance, 4),
        row=row,
        trace=numbers(values[:: max(1, -(-len(values) // POINTS))], 3),
    )
