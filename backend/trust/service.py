"""Waves, shares of maps and words; judgements of maps are a task."""

import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.explanations.service import Explanations
from backend.predictions.answers import class_index
from backend.predictions.context import WindowContext
from backend.tasks.scopes import Subject
from backend.trust.schemas import (
    ByWaveRequest,
    ByWaveResponse,
    ChangeResponse,
    MapByWave,
    RangeResponse,
    RegionResponse,
    WaveResponse,
    WavesResponse,
)
from models.errors import NotFoundError
from models.evaluation import by_wave, words
from models.evaluation.by_wave import Change, Moves, Range, Region
from models.evaluation.checks import agreement
from models.evaluation.trust import Trust
from models.explainers import Explainer
from models.explanations.explanation import Explanation
from models.memory import Memory
from models.signals.intervals import intervals
from models.signals.wave_errors import HELD
from models.signals.wave_network import network
from models.signals.waves import NONE, Waves, source, waves
from models.tasks import Question
from models.tasks.trust import TRUST
from workers.errors import QueueUnavailableError

WARM_AFTER = 2.0  # s after the start, which it would slow down
BOUNDARIES, CHANGES = 500, 2000  # bytes of a beat's waves, and of what hiding them does


class TrustService:
    """Waves and words of a beat, with the judgements of its maps."""

    def __init__(self, explanations: Explanations) -> None:
        self.explanations = explanations
        self.tasks = explanations.tasks
        self.predictor = explanations.predictor
        self._waves: Memory[Waves] = Memory("waves", lambda _: BOUNDARIES)
        self._changes: Memory[list[Change]] = Memory("covered waves", lambda _: CHANGES)

    def warm(self) -> None:
        """Load the delineator ahead of the first beat, beside other work."""
        timer = threading.Timer(WARM_AFTER, network)
        timer.daemon = True
        timer.start()

    def _question(self, context: WindowContext, target: int | None, method: Explainer) -> Question[Trust]:
        """Whether the method's map of a window holds up."""
        return self.tasks.question(TRUST, Subject.of(context), {"target": target, "explainer": method})

    def waves(self, recording: str, beat: int, lead: str | None, model: str | None) -> WavesResponse:
        """The waves of one beat, and the window cut at their boundaries."""
        context = self.predictor.resolve_window(recording, beat, lead, model)
        return WavesResponse(**self._waves_out(context, *self._cut(context)))

    def by_wave(self, request: ByWaveRequest) -> ByWaveResponse:
        """Shares of maps by wave, what hiding each wave does, agreement of the maps, and all in words."""
        context = self.predictor.resolve_window(request.recording, request.at, request.lead, request.model)
        found, regions = self._cut(context)
        inputs = context.window().input
        chances = context.model.probabilities(inputs[None])[0]
        asked = class_index(context.model, request.target)
        target = int(chances.argmax()) if asked is None else asked
        kinds = context.model.card.classes
        symbols = [kind.symbol for kind in kinds]
        maps = [self._explanation(id) for id in request.explanations]
        matrix = agreement.matrix(maps)
        return ByWaveResponse(
            **self._waves_out(context, found, regions),
            target=symbols[target],
            target_name=kinds[target].name,
            top=symbols[int(chances.argmax())],
            before=float(chances[target]),
            covered=[
                ChangeResponse(
                    **range_of(change.delta), symbol=symbols[change.index], changes_sign=change.delta.changes_sign
                )
                for change in self._changed(context, inputs, target, regions)
            ],
            maps=[self._map(context, one, regions) for one in maps],
            agreement=matrix,
            held=HELD,
            words=self._words(context, regions, matrix),
        )

    def _changed(
        self, context: WindowContext, inputs: NDArray[np.float32], target: int, regions: list[Region]
    ) -> list[Change]:
        model = context.model
        key = (model.card.id, model.weights_sha256, target, tuple(regions), inputs.tobytes())
        return self._changes.get(key, lambda: by_wave.changes(model, inputs, target, regions))

    def _cut(self, context: WindowContext) -> tuple[Waves, list[Region]]:
        """The waves of a beat in the lead that is shown, and the model's window cut at them."""
        record, found = context.record, context.cutter.anchors.beats
        if found is None:
            return NONE, []
        r = found.r
        key = (record.id, record.sha256, context.lead, context.r)
        cut = self._waves.get(key, lambda: waves(record, context.lead, r, context.index))
        return cut, by_wave.regions(cut, context.r, record.fs, context.model.card.input)

    def _waves_out(self, context: WindowContext, found: Waves, regions: list[Region]) -> dict[str, Any]:
        spec, r, fs = context.model.card.input, context.r, context.record.fs
        named = (("P", found.p), ("QRS", found.qrs), ("T", found.t))
        return {
            "lead": context.record.leads[context.lead],
            "waves": [
                WaveResponse(name=name, onset=ms(wave.onset - r, fs), end=ms(wave.offset - r, fs))
                for name, wave in named
                if wave
            ],
            "regions": [
                RegionResponse(
                    key=region.key,
                    name=region.name,
                    start=region.start,
                    end=region.end,
                    start_ms=ms(region.start - spec.window.origin, spec.fs),
                    end_ms=ms(region.end - spec.window.origin, spec.fs),
                    within=region.within,
                    start_moves_ms=moves_ms(region.start_moves, spec.fs),
                    end_moves_ms=moves_ms(region.end_moves, spec.fs),
                )
                for region in regions
            ],
            "source": source(),
        }

    def _explanation(self, id: str) -> Explanation:
        status = self.explanations.status(id)
        if status.result is None:
            raise NotFoundError(f"Explanation {id!r} is not done: it is {status.status}", field="explanations")
        return status.result

    def _map(self, context: WindowContext, one: Explanation, regions: list[Region]) -> MapByWave:
        shares = by_wave.shares(np.array(one.relevance, dtype=np.float32), regions) if one.relevance else []
        judged = self._question(context, one.target.index, agreement.method_of(one)) if one.relevance else None
        return MapByWave(
            id=one.id,
            title=one.title,
            shares=[RangeResponse(**range_of(share)) for share in shares],
            words=words.of_map(words.WaveSummary(one, regions, shares)),
            trust_id=judged and judged.id,
            trust=self._known(judged.id) if judged else None,
        )

    def _known(self, id: str) -> Trust | None:
        """The judgement if there is one; none while Redis is away."""
        try:
            found: Trust | None = self.tasks.status(TRUST, id).result
        except (NotFoundError, QueueUnavailableError):
            return None
        return found

    def _words(self, context: WindowContext, regions: list[Region], matrix: list[list[float | None]]) -> list[str]:
        """On the beat and the maps together: agreement of two, RR, what was not found."""
        pair = words.agreement(matrix[0][1]) if len(matrix) == 2 else ""
        found = context.cutter.anchors.beats
        if found is None:
            return [pair] if pair else []
        rr = intervals(context.record, context.lead, found).before[: context.index + 1]
        return [line for line in (words.unknown_waves(regions), pair, words.rhythm(rr.tolist())) if line]


def range_of(found: Range) -> dict[str, float]:
    """A range for the answer."""
    return {"value": round(found.value, 4), "low": round(found.low, 4), "high": round(found.high, 4)}


def moves_ms(moves: Moves, fs: float) -> tuple[float, float]:
    """How far a boundary may be from where it was found, in ms."""
    return ms(moves[0], fs), ms(moves[1], fs)


def ms(samples: int, fs: float) -> float:
    """Milliseconds, two decimals."""
    return round(samples * 1000 / fs, 2)
