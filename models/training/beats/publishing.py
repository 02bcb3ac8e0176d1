"""From fitted beat models to a card and weights in the zoo: every number on the card is computed here."""

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save

from models.cards import Card, ClassSpec, OutputSpec, TrainingRecord
from models.networks.beat_measures import BeatMeasures
from models.training import limits
from models.training.assessment import temperature
from models.training.beats.evaluation import evaluation
from models.training.beats.recipe import BeatRecipe
from models.training.beats.results import Answers, windows
from models.training.datasets.mitdb import CLASSES, MarkedRecord
from models.training.datasets.mitdb_beats import Say
from models.training.scales import measured
from models.vocabularies.aami import VOCABULARY
from models.zoo.loaders.safetensors import WEIGHTS
from models.zoo.store import CARD

DECIMALS = 4
MEASURED = 8  # training beats of each class whose maps give the full scales


@dataclass(frozen=True)
class Fitted:
    """All that the runs of a recipe gave."""

    recipe: BeatRecipe
    train: Sequence[MarkedRecord]
    test: Sequence[MarkedRecord]  # of patients that are not in `train`
    known: Sequence[MarkedRecord]  # of the published test set, but of a patient in `train`
    networks: Mapping[int, BeatMeasures]  # by seed
    held: Answers  # for training patients, by networks that had not seen them

    @property
    def network(self) -> BeatMeasures:
        """The one that is shipped."""
        return self.networks[self.recipe.seeds[0]]


def publish(fitted: Fitted, out: Path, say: Say) -> Card:
    """Write the card, the first seed's weights and, beside them, those of the other seeds."""
    recipe = fitted.recipe
    weights = {seed: _bytes(network) for seed, network in fitted.networks.items()}
    calibrated = round(temperature(*fitted.held.beats()[:2]), DECIMALS)
    card = Card(
        id=recipe.id,
        title=recipe.title,
        summary=recipe.summary,
        vocabulary=VOCABULARY.name,
        architecture=fitted.network.architecture,
        network=fitted.network.config.model_dump(mode="json"),
        weights_sha256=_sha256(weights[recipe.seeds[0]]),
        artefacts={_file(seed): _sha256(data) for seed, data in weights.items() if seed != recipe.seeds[0]},
        input=recipe.input,
        classes=tuple(ClassSpec(symbol=name, name=VOCABULARY.name_of(name)) for name in CLASSES),
        output=OutputSpec(temperature=calibrated),
        records=(*_records(fitted.train, "train"), *_records(fitted.test, "test")),
        full_scales=measured(fitted.network, _sample(fitted), calibrated, say),
        training=_training(fitted, weights),
        evaluation=evaluation(fitted, calibrated, say),
    )
    card = card.model_copy(update={"limits": (*recipe.limits, *limits.measured(card))})
    _write(out / recipe.id, card, weights, recipe.seeds[0])
    say(f"Wrote {out / recipe.id} ({len(weights)} seeds)")
    return card


def _records(records: Sequence[MarkedRecord], split: Any) -> list[TrainingRecord]:
    return [
        TrainingRecord(name=r.name, patient=r.patient, sha256=r.sha256, split=split, leads=r.leads) for r in records
    ]


def _sample(fitted: Fitted) -> torch.Tensor:
    """Inputs of some training beats, as many of each class."""
    rng = np.random.default_rng(0)
    parts = []
    for label in range(len(CLASSES)):
        spots = [(record, at) for record in fitted.train for at in record.beats[record.labels == label]]
        chosen = [spots[i] for i in rng.permutation(len(spots))[: 2 * MEASURED]]
        cut = [windows(record, np.array([at]), fitted.recipe.window) for record, at in chosen]
        parts += [inputs for inputs, whole in cut if whole.all()][:MEASURED]
    return torch.from_numpy(np.concatenate(parts))


def _training(fitted: Fitted, weights: Mapping[int, bytes]) -> dict[str, Any]:
    counts = {
        name: {kind: int(sum((record.labels == i).sum() for record in part)) for i, kind in enumerate(CLASSES)}
        for name, part in (("train", fitted.train), ("validation", ()), ("test", fitted.test))
    }
    recordings = (*fitted.train, *fitted.test)
    beats = {name: sum(one.values()) for name, one in counts.items()}
    return {
        "source": fitted.recipe.source,
        "data": {
            "recordings": len(recordings),
            "patients": len({record.patient for record in recordings}),
            "second_lead": {record.name: record.leads[1] for record in recordings if record.leads[1] != "V1"},
            "beats": beats | {"all": sum(beats.values())},
            "beats_per_class": counts,
        },
        "protocol": fitted.recipe.model_dump(mode="json", exclude={"id", "title", "summary", "source", "limits"})
        | {"split_seed": 0},  # the split is fixed: runs differ in their seed only
        "finished": True,
        "shipped_run": f"seed-{fitted.recipe.seeds[0]}",
        "weights_of_seeds": {str(seed): _file(seed) for seed in weights} | {str(fitted.recipe.seeds[0]): WEIGHTS},
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": {name: version(name) for name in ("torch", "numpy", "scipy", "sleepecg")},
    }


def _bytes(network: BeatMeasures) -> bytes:
    return save({name: value.contiguous() for name, value in network.state_dict().items()})


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _file(seed: int) -> str:
    return f"seed-{seed}.safetensors"


def _write(folder: Path, card: Card, weights: Mapping[int, bytes], first: int) -> None:
    """Weights first, the card last, each file whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {WEIGHTS if seed == first else _file(seed): data for seed, data in weights.items()}
    for name, content in (*files.items(), (CARD, (card.model_dump_json(indent=1) + "\n").encode())):
        partial = folder / f"{name}.{os.getpid()}.tmp"
        partial.write_bytes(content)
        partial.replace(folder / name)
