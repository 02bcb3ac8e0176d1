"""From a trained run to a card and its weights: every number on the card is computed here."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.torch import save

from models.cards import Card, InputSpec, OutputSpec, TrainingRecord
from models.errors import InvalidError
from models.evaluation import binary
from models.networks import Network
from models.records.mimic3_episodes import LISTS, Mimic3Episodes
from models.records.source import Entry
from models.signals.carrying import scaled
from models.training.assessment import temperature
from models.training.publish import write
from models.training.stays import logistic
from models.training.stays.data import SETS, SPLITS, Floats, Stays, stays
from models.training.stays.fitting import best_network, checksum, finished, open_run, predict
from models.training.stays.recipe import StayRecipe

DECIMALS = 4
HOURS = (6, 12, 24, 36, 48)  # at which the answer is judged


@dataclass(frozen=True)
class Data:
    """What a model of stays is made of and judged by."""

    spec: InputSpec
    sets: tuple[Stays, Stays, Stays]
    inputs: tuple[Floats, Floats, Floats]  # as the network reads them

    @property
    def died(self) -> list[NDArray[np.int64]]:
        """Outcomes of each set."""
        return [one.died for one in self.sets]


def publish(recipe: StayRecipe, data: Data, checkpoints: Path, out: Path, mimic: Path | None) -> Card:
    """Write card and weights of the recipe's first seed; with `mimic`, judged on its episodes too."""
    found = [open_run(recipe, checksum(data.sets[0]), seed, checkpoints) for seed in recipe.seeds]
    begun = [run for run in found if run.best]
    if not begun or not found[0].best:
        raise InvalidError(f"{recipe.id}: its first seed has no checkpoint in {checkpoints}")
    networks = [best_network(recipe, run) for run in begun]
    weights = save({name: value.contiguous() for name, value in networks[0].state_dict().items()})
    output, evaluation = evaluate(data, networks)
    if mimic is not None:
        evaluation["mimic"] = external(recipe, data, networks[0], output, evaluation, mimic)
    card = Card(
        id=recipe.id,
        title=recipe.title,
        summary=recipe.summary,
        modality="icu",
        vocabulary="outcome",
        architecture=networks[0].architecture,
        network=networks[0].config.model_dump(mode="json"),
        weights_sha256=hashlib.sha256(weights).hexdigest(),
        input=data.spec,
        output=output,
        classes=recipe.classes,
        records=records(data),
        training=_training(recipe, data, [run.curves for run in begun]),
        evaluation=evaluation,
        limits=(*recipe.limits, *sentences(evaluation)),
    )
    write(out / recipe.id, card, weights)
    return card


def records(data: Data) -> tuple[TrainingRecord, ...]:
    """Every stay with its set."""
    return tuple(
        TrainingRecord(name=name, patient=patient, sha256=origin, split=split)
        for split, one in zip(SPLITS, data.sets, strict=True)
        for name, patient, origin in zip(one.names, one.patients, one.origins, strict=True)
    )


def evaluate(data: Data, networks: list[Network]) -> tuple[OutputSpec, dict[str, Any]]:
    """Temperature and threshold from set b, and how the first network does on set c, beside logistic regression."""
    died = data.died
    held, tested = (predict(networks[0], data.inputs[i]) for i in (1, 2))
    t = round(temperature(np.stack([np.zeros_like(held), held], axis=1), died[1]), DECIMALS)
    plain = OutputSpec(activation="sigmoid", temperature=t)
    threshold = round(binary.best_threshold(plain.chances(held), died[1]), DECIMALS)
    output = OutputSpec(activation="sigmoid", temperature=t, thresholds=(threshold,))
    test = binary.judged(output.chances(tested), died[2], threshold)
    before = binary.calibration_error(OutputSpec(activation="sigmoid").chances(tested), died[2])
    return output, {
        "symbols": ["died"],
        "test": test,
        "validation": binary.judged(output.chances(held), died[1], threshold),
        "logistic": _logistic(data),
        "difference": binary.compared(output.chances(tested), yardstick(data), died[2]),
        "seeds": [
            _short(OutputSpec(activation="sigmoid").chances(predict(one, data.inputs[2])), died[2]) for one in networks
        ],
        "by_hour": {
            str(hour): _short(output.chances(predict(networks[0], data.inputs[2][..., :hour])), died[2])
            for hour in HOURS
        },
        "calibration": {
            "temperature": t,
            "fitted_on": "set b",
            "ece_before": before,
            "ece_after": test["calibration_error"]["value"],
            "improves": test["calibration_error"]["value"] < before,
        },
        "left_out": {name: one.left_out for name, one in zip(SETS, data.sets, strict=True)},
    }


def _short(chances: NDArray[np.floating], died: NDArray[np.int64]) -> dict[str, float]:
    """Without intervals."""
    measures = binary.measures(chances, died, binary.best_threshold(chances, died))
    return {name: round(measures[name], DECIMALS) for name in ("auroc", "auprc")}


def yardstick(data: Data) -> NDArray[np.float64]:
    """What logistic regression says of set c."""
    return logistic.predict(logistic.fit(data.inputs[0], data.died[0], data.inputs[1], data.died[1]), data.inputs[2])


def _logistic(data: Data) -> dict[str, Any]:
    """The same sets, the same scaling, no order in time."""
    fitted = logistic.fit(data.inputs[0], data.died[0], data.inputs[1], data.died[1])
    threshold = binary.best_threshold(logistic.predict(fitted, data.inputs[1]), data.died[1])
    found = binary.judged(logistic.predict(fitted, data.inputs[2]), data.died[2], threshold)
    return found | {"strength": fitted.strength, "features": int(fitted.model.coef_.size)}


def external(
    recipe: StayRecipe, data: Data, network: Network, output: OutputSpec, known: dict[str, Any], folder: Path
) -> dict[str, Any]:
    """The same network, threshold and temperature on episodes of another set, resampled by patient."""
    found = episodes(folder, data.spec)
    inputs = scaled(found.raw, data.spec)
    groups = np.unique(np.array(found.patients), return_inverse=True)[1]
    fitted = logistic.fit(data.inputs[0], data.died[0], data.inputs[1], data.died[1])
    count = len(recipe.variables)
    ever: NDArray[np.bool_] = np.asarray((found.raw[:, count:] > 0).any(axis=(0, 2)))
    yardstick = logistic.predict(fitted, inputs)
    return {
        "network": binary.judged(
            output.chances(predict(network, inputs)), found.died, (output.thresholds or (0.5,))[0], groups
        ),
        "logistic": binary.judged(yardstick, found.died, known["logistic"]["threshold"], groups),
        "patients": len(set(found.patients)),
        "variables": [one.name for one, there in zip(recipe.variables, ever, strict=True) if there],
        "left_out": found.left_out,
    }


def episodes(folder: Path, spec: InputSpec) -> Stays:
    """The episodes that the benchmark's lists name: those whose outcome is known."""
    reader = Mimic3Episodes(folder, "mimic3-demo")
    records = [reader.open(one.id) for one in reader.list() if isinstance(one, Entry)]
    labelled = [record for record in records if record.marks]
    if not labelled:
        raise InvalidError(f"No episode of a {LISTS} below {folder}", field="data")
    return stays(labelled, spec)


def sentences(evaluation: dict[str, Any]) -> tuple[str, ...]:
    """What a reader must know before believing the model, its numbers taken from its report."""
    test, others = evaluation["test"], evaluation["logistic"]
    first = (
        f"On {test['stays']:,} stays that it has not seen (set c, {test['died']} died): AUROC "
        f"{spelled(test['auroc'])}, AUPRC {spelled(test['auprc'])}; logistic regression on the same data "
        f"{spelled(others['auroc'])} and {spelled(others['auprc'])}."
    )
    second = (
        f"From the threshold {test['threshold']:.2f} on it finds {test['sensitivity']:.0%} of those who died, and "
        f"{test['positive_predictivity']:.0%} of those above it died."
    )
    if "mimic" not in evaluation:
        return first, second
    other = evaluation["mimic"]["network"]
    third = (
        f"On {other['stays']} episodes of the MIMIC-III demo ({other['died']} died; the laboratory is not in that "
        f"layout) AUROC {spelled(other['auroc'])}: too few to say how well it does elsewhere."
    )
    return first, second, third


def spelled(found: dict[str, float]) -> str:
    """0.84 (0.82–0.86)."""
    return f"{found['value']:.3f} ({found['low']:.3f}–{found['high']:.3f})"


def _training(recipe: StayRecipe, data: Data, curves: list[Any]) -> dict[str, Any]:
    return {
        "source": recipe.source,
        "published": recipe.published,
        "data": {
            "stays": {name: len(one) for name, one in zip(SETS, data.sets, strict=True)},
            "died": {name: int(one.died.sum()) for name, one in zip(SETS, data.sets, strict=True)},
            "sha256": {name: checksum(one) for name, one in zip(SETS, data.sets, strict=True)},
        },
        "protocol": recipe.model_dump(mode="json", exclude={"id", "title", "summary", "source", "published", "limits"}),
        "finished": len(curves) == len(recipe.seeds) and all(finished(recipe, one) for one in curves),
        "curves": [
            {name: [round(value, DECIMALS) for value in values] for name, values in vars(one).items()} for one in curves
        ],
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": {name: version(name) for name in ("torch", "numpy", "scikit-learn")},
    }
