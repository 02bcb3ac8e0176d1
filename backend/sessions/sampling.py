"""From recordings to the beats of a session."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator, default_rng

from backend.blinding.intervals import extents
from backend.groups.grouping_input import GroupingInput, grouping_input
from backend.groups.queues import by_class, disagreements, uncertain, unlabelled
from backend.predictions.outputs import Outputs
from backend.predictions.service import Predictor
from backend.sessions.choice_schemas import AtRandom, DrawRequest, FromQueue, Named, Stratified
from models.errors import DomainError, InvalidError
from models.signals.windows import Cutter
from models.zoo import Model

SampledBeat = tuple[str, int]  # recording, beat number


@dataclass(frozen=True)
class Chosen:
    """One beat, and what is known of it."""

    recording: str
    recording_sha256: str
    lead: str
    at: int
    start: int
    end: int
    fs: float  # Hz
    reference: str | None
    output: str | None
    margin: float | None


@dataclass(frozen=True)
class BeatSampler:
    """Draws beats as a lead asks for them."""

    predictor: Predictor
    ask: DrawRequest
    labelled: Callable[[str], Mapping[int, str]]  # recording → sample → the lead's own label

    def beats(self) -> list[Chosen]:
        """The beats in the order in which they will be read; InvalidError where there is none."""
        spots = self.spots()
        described: dict[SampledBeat, Chosen] = {}
        for recording in dict.fromkeys(recording for recording, _ in spots):
            numbers = [number for name, number in spots if name == recording]
            found = self._describe(recording, numbers)
            described |= {(recording, number): one for number, one in zip(numbers, found, strict=True)}
        return [described[spot] for spot in spots]

    def spots(self) -> list[SampledBeat]:
        """Where the beats lie, in the order in which they will be read; InvalidError where there is none."""
        found = self._spots()
        if not found:
            raise InvalidError("No beat of these recordings fits the choice", field="choice")
        return found

    def _spots(self) -> list[SampledBeat]:
        choice, names = self.ask.choice, list(dict.fromkeys(self.ask.recordings))
        if isinstance(choice, Named):
            cutter = self.open(names[0])
            return [(names[0], cutter.row(at)) for at in dict.fromkeys(choice.at)]
        rng = default_rng(choice.seed)
        if isinstance(choice, AtRandom):
            every = [(name, number) for name in names for number in range(len(self.open(name).anchors))]
            return drawn(every, choice.count, rng)
        if isinstance(choice, Stratified):
            return self._stratified(choice, names, rng)
        queued = [spot for name in names for spot in self._queue(choice, name)]
        return drawn(queued[: choice.count] if len(names) == 1 else first_of_each(queued, choice.count), None, rng)

    def _stratified(self, choice: Stratified, names: Sequence[str], rng: Generator) -> list[SampledBeat]:
        pools: dict[str, list[SampledBeat]] = defaultdict(list)
        for name in names:
            symbols = self.open(name).anchors.labels if choice.by == "reference" else self._grouping(name).predicted
            for number, symbol in enumerate(symbols or ()):
                if symbol is not None:
                    pools[symbol].append((name, number))
        return drawn([spot for _, pool in sorted(pools.items()) for spot in drawn(pool, choice.each, rng)], None, rng)

    def _queue(self, choice: FromQueue, name: str) -> list[SampledBeat]:
        seen = self._grouping(name)
        if choice.queue == "disagreements":
            numbers = disagreements(seen)
        elif choice.queue == "uncertain":
            numbers = uncertain(seen)
        elif choice.queue == "unlabelled":
            numbers = unlabelled(seen)
        else:
            numbers = by_class(seen).get(choice.symbol or "", np.array([], np.int64))
        return [(name, number) for number in numbers.tolist()]

    def _grouping(self, name: str) -> GroupingInput:
        return grouping_input(self.predictor, self.labelled(name), name, self.ask.lead, self.ask.model)

    def open(self, name: str) -> Cutter:
        """A recording's windows, as the model that is revealed reads them."""
        record = self.predictor.repository.open(name)
        return Cutter(record, self.predictor.model(self.ask.model).card, record.lead_index(self.ask.lead))

    def _describe(self, name: str, numbers: Sequence[int]) -> list[Chosen]:
        cutter = self.open(name)
        record, found = cutter.record, cutter.anchors
        starts, ends = extents(found)
        answers = answered(self.predictor.model(self.ask.model), cutter, numbers)
        return [
            Chosen(
                recording=name,
                recording_sha256=record.sha256,
                lead=record.leads[cutter.lead],
                at=int(found.samples[number]),
                start=int(starts[number]),
                end=int(ends[number]),
                fs=record.fs,
                reference=found.labels[number] if found.labels else None,
                output=output,
                margin=margin,
            )
            for number, (output, margin) in zip(numbers, answers, strict=True)
        ]


def answered(model: Model, cutter: Cutter, numbers: Sequence[int]) -> list[tuple[str | None, float | None]]:
    """The model's class for each of these windows and its margin; None where it reads none."""
    chances = np.zeros((len(cutter.anchors), len(model.card.classes)), np.float32)
    valid = np.zeros(len(chances), bool)
    with suppress(DomainError):  # a flat lead, too few leads: the beats can be read all the same
        for rows, inputs in cutter.batches(numbers):
            chances[rows], valid[rows] = model.probabilities(inputs), True
    outputs = Outputs(chances, valid, model.card.output)
    found = list(zip(outputs.said(model.card.symbols), outputs.margins_rounded(), strict=True))
    return [found[number] for number in numbers]


def drawn(spots: Sequence[SampledBeat], count: int | None, rng: Generator) -> list[SampledBeat]:
    """At most `count` of them, all for None, in an order that says nothing."""
    return [spots[i] for i in rng.permutation(len(spots))[:count]]


def first_of_each(spots: Sequence[SampledBeat], count: int) -> list[SampledBeat]:
    """The first `count` where recordings take turns."""
    turns: dict[str, int] = defaultdict(int)
    ranked = []
    for spot in spots:
        ranked.append((turns[spot[0]], spot))
        turns[spot[0]] += 1
    return [spot for _, spot in sorted(ranked, key=lambda entry: entry[0])][:count]
