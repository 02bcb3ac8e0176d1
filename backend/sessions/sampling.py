"""From recordings to the beats of a session."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator, default_rng

from backend.groups.look import Look, look
from backend.groups.queues import by_class, disagreements, uncertain
from backend.predictions.service import Predictor, leads_for
from backend.recordings.service import locate
from backend.sessions.schemas import AtRandom, FromQueue, Named, SessionRequest, Stratified
from models.errors import DomainError, InvalidError
from models.records import Record
from models.signals.beats import Beats
from models.signals.windows import cut_all, prepare
from models.zoo import Model

SampledBeat = tuple[str, int]  # recording, beat number


@dataclass(frozen=True)
class Chosen:
    """One beat, and what is known of it."""

    recording: str
    recording_sha256: str
    lead: str
    sample: int
    fs: float  # Hz
    reference: str | None
    output: str | None
    margin: float | None


@dataclass(frozen=True)
class BeatSampler:
    """Draws beats as a lead asks for them."""

    predictor: Predictor
    ask: SessionRequest
    labelled: Callable[[str], Mapping[int, str]]  # recording → sample → the lead's own label

    def beats(self) -> list[Chosen]:
        """The beats in the order in which they will be read; InvalidError where there is none."""
        spots = self._spots()
        if not spots:
            raise InvalidError("No beat of these recordings fits the choice", field="choice")
        described: dict[SampledBeat, Chosen] = {}
        for recording in dict.fromkeys(recording for recording, _ in spots):
            numbers = [number for name, number in spots if name == recording]
            found = self._describe(recording, numbers)
            described |= {(recording, number): one for number, one in zip(numbers, found, strict=True)}
        return [described[spot] for spot in spots]

    def _spots(self) -> list[SampledBeat]:
        choice, names = self.ask.choice, list(dict.fromkeys(self.ask.recordings))
        if isinstance(choice, Named):
            _, found = self._open(names[0])
            return [(names[0], locate(found, sample)) for sample in dict.fromkeys(choice.samples)]
        rng = default_rng(choice.seed)
        if isinstance(choice, AtRandom):
            every = [(name, number) for name in names for number in range(len(self._open(name)[1]))]
            return drawn(every, choice.count, rng)
        if isinstance(choice, Stratified):
            return self._stratified(choice, names, rng)
        queued = [spot for name in names for spot in self._queue(choice, name)]
        return drawn(queued[: choice.count] if len(names) == 1 else first_of_each(queued, choice.count), None, rng)

    def _stratified(self, choice: Stratified, names: Sequence[str], rng: Generator) -> list[SampledBeat]:
        pools: dict[str, list[SampledBeat]] = defaultdict(list)
        for name in names:
            symbols = self._open(name)[1].symbols if choice.by == "reference" else self._look(name).said
            for number, symbol in enumerate(symbols or ()):
                if symbol is not None:
                    pools[symbol].append((name, number))
        return drawn([spot for _, pool in sorted(pools.items()) for spot in drawn(pool, choice.each, rng)], None, rng)

    def _queue(self, choice: FromQueue, name: str) -> list[SampledBeat]:
        seen = self._look(name)
        if choice.queue == "disagreements":
            numbers = disagreements(seen)
        elif choice.queue == "uncertain":
            numbers = uncertain(seen)
        elif choice.queue == "unlabelled":
            numbers = [number for number, label in enumerate(seen.read) if label is None]
        else:
            numbers = by_class(seen).get(choice.symbol or "", [])
        return [(name, number) for number in numbers]

    def _look(self, name: str) -> Look:
        return look(self.predictor, self.labelled(name), name, self.ask.lead, self.ask.model)

    def _open(self, name: str) -> tuple[Record, Beats]:
        record = self.predictor.repository.open(name)
        return record, self.predictor.repository.beats(record, record.lead_index(self.ask.lead))

    def _describe(self, name: str, numbers: Sequence[int]) -> list[Chosen]:
        record, found = self._open(name)
        lead, model = record.lead_index(self.ask.lead), self.predictor.model(self.ask.model)
        answers = answered(model, record, lead, found, numbers)
        return [
            Chosen(
                recording=name,
                recording_sha256=record.sha256,
                lead=record.leads[lead],
                sample=int(found.samples[number]),
                fs=record.fs,
                reference=found.symbols[number] if found.symbols else None,
                output=output,
                margin=margin,
            )
            for number, (output, margin) in zip(numbers, answers, strict=True)
        ]


def answered(
    model: Model, record: Record, lead: int, beats: Beats, numbers: Sequence[int]
) -> list[tuple[str | None, float | None]]:
    """The model's class for each of these beats and its margin; None where it has no window."""
    rows: list[tuple[str | None, float | None]] = [(None, None)] * len(numbers)
    try:
        prepared = prepare(record, leads_for(model, record, lead), model.card.input)
    except DomainError:  # a flat lead, too few leads: the beats can be read all the same
        return rows
    inputs, valid = cut_all(prepared, beats.r[list(numbers)])
    places = np.flatnonzero(valid)
    chances = model.probabilities(inputs[valid])
    two = np.sort(chances, axis=1)
    for place, best, margin in zip(places, chances.argmax(axis=1), two[:, -1] - two[:, -2], strict=True):
        rows[place] = (model.card.classes[best].symbol, round(float(margin), 4))
    return rows


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
