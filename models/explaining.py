"""Explanations of windows: the method's maps and the facts they must be read with."""

import copy
import hashlib
import importlib.metadata
import json
import math
import platform
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from models.errors import InvalidError, UnsupportedError
from models.explainers import engine
from models.explainers.base import Explainer, Floats, Report, silent
from models.explanation import Explanation, Scale, Target
from models.networks.base import Network, chances

if TYPE_CHECKING:
    from models.zoo import Model

NOTHING = 0.05  # of full scale: a map that moved less has found nothing
HALF = 0.5  # of the largest relevance: what is deleted for `score_after`


def explain(
    model: "Model", inputs: Floats, target: int | None, explainer: Explainer, report: Report = silent
) -> Explanation:
    """Explain class index `target` (None: the model's output) for inputs [leads, samples] by one method.

    Raises InvalidError for inputs or a class the model does not have, UnsupportedError where the method cannot work.
    """
    index = resolve(model, checked(model, inputs[None]), target)
    return explain_many(model, inputs[None], [index], explainer, report)[0]


def check_supported(model: "Model", explainer: Explainer) -> None:
    """UnsupportedError where the method cannot explain the model."""
    if reason := explainer.unsupported(model.network):
        raise UnsupportedError(f"{explainer.title} cannot explain {model.card.id}: {reason}", field="explainer")


def explain_many(
    model: "Model", inputs: Floats, targets: Sequence[int], explainer: Explainer, report: Report = silent
) -> list[Explanation]:
    """Explain class indices targets [batch] for inputs [batch, leads, samples] in one go; raises as `explain` does."""
    windows = checked(model, inputs)
    check_supported(model, explainer)
    indices = [resolve(model, windows, target) for target in targets]
    network = calibrated(model)
    began = time.perf_counter()
    result = explainer.attribute(network, windows, torch.tensor(indices), report)
    seconds = (time.perf_counter() - began) / len(windows)
    if not np.isfinite(result.values).all():
        raise InvalidError(f"{explainer.title} gave values that are not finite with {parameters(explainer)}")
    ids = explanation_ids(model, inputs, indices, explainer)
    scales = scale_many(model, network, windows, indices, explainer, result.values)
    created = datetime.now(UTC).isoformat(timespec="seconds")
    kinds = [model.card.classes[index] for index in indices]
    return [
        Explanation(
            id=id,
            method=explainer.method,
            title=explainer.title,
            parameters=parameters(explainer),
            version=explainer.version,
            target=Target(index=index, symbol=kind.symbol, name=kind.name),
            signed=explainer.signed,
            relevance=plain(result.values[row]),
            extras={name: as_list(plain(extra[row])) for name, extra in result.extras.items()},
            scale=scale,
            model=model.card.id,
            weights_sha256=model.weights_sha256,
            versions=versions(),
            seconds=round(seconds, 6),
            created=created,
        )
        for row, (id, index, kind, scale) in enumerate(zip(ids, indices, kinds, scales, strict=True))
    ]


def explanation_id(model: "Model", inputs: Floats, target: int | None, explainer: Explainer) -> str:
    """Hash (32 hex characters) of everything that decides the explanation; target None is the class it stands for."""
    index = resolve(model, checked(model, inputs[None]), target)
    return explanation_ids(model, inputs[None], [index], explainer)[0]


def explanation_ids(model: "Model", inputs: Floats, targets: Sequence[int], explainer: Explainer) -> list[str]:
    """The ids of the explanations of inputs [batch, leads, samples] for class indices targets [batch]."""
    windows = checked(model, inputs).numpy().astype("<f4")
    begun = {target: _digest(model, target, explainer, windows.shape[1:]) for target in set(targets)}
    ids = []
    for window, target in zip(windows, targets, strict=True):
        digest = begun[target].copy()
        digest.update(window.tobytes())
        ids.append(digest.hexdigest()[:32])
    return ids


def _digest(model: "Model", target: int, explainer: Explainer, shape: tuple[int, ...]) -> "hashlib._Hash":
    """A hash of everything that decides an explanation but the window."""
    card = model.card
    decisive = {
        "model": card.id,
        "weights": model.weights_sha256,
        "architecture": [card.architecture, card.network],
        "input": card.input.model_dump(mode="json"),
        "classes": [kind.model_dump() for kind in card.classes],
        "output": card.output.model_dump(mode="json"),
        "full_scale": full_scale(model, explainer),
        "target": target,
        "method": [explainer.method, explainer.version, parameters(explainer)],
        "shape": list(shape),
    }
    return hashlib.sha256(json.dumps(decisive, sort_keys=True).encode())


def checked(model: "Model", inputs: Floats) -> Tensor:
    """The inputs [batch, leads, samples] as a float32 tensor of the shape the model reads."""
    spec = model.card.input
    if inputs.ndim != 3 or inputs.shape[1] != spec.leads or not spec.window.fits(inputs.shape[2]):
        reads = f"[{spec.leads}, {spec.window.length}] (leads, samples)"
        message = f"Input of shape {list(inputs.shape[1:])}: {model.card.id} reads {reads}"
        raise InvalidError(message, field="input")
    if not np.isfinite(inputs).all():
        raise InvalidError("The input has values that are not finite", field="input")
    return torch.tensor(inputs, dtype=torch.float32)


def resolve(model: "Model", window: Tensor, target: int | None) -> int:
    """The class index to explain: `target`, or the most probable class of window [1, leads, samples]."""
    classes = model.card.classes
    if target is None:
        return int(np.argmax(model.logits(window.numpy())[0]))
    if not 0 <= target < len(classes):
        symbols = tuple(kind.symbol for kind in classes)
        message = f"Class index {target}: {model.card.id} has 0 to {len(classes) - 1} ({', '.join(symbols)})"
        raise InvalidError(message, field="target", options=symbols)
    return target


def calibrated(model: "Model") -> Network:
    """The model's network with the card's temperature, so that every probability is the one the reader is shown."""
    network = copy.copy(engine.frozen(model.network))  # shares the weights
    network.temperature, network.activation = model.card.output.temperature, model.card.output.activation
    return network


def full_scale(model: "Model", explainer: Explainer) -> float | None:
    """The fixed full scale of this method's maps for this model; None where neither has one."""
    if explainer.full_scale is not None:
        return explainer.full_scale
    scales: dict[str, float] = model.card.full_scales
    return scales.get(explainer.scale_name)


def scale_many(
    model: "Model", network: Network, windows: Tensor, indices: Sequence[int], explainer: Explainer, values: Floats
) -> list[Scale]:
    """Every number that says how far to trust the maps values [batch, leads, samples] of windows of that shape."""
    blank = explainer.deletion(windows)
    drop = torch.from_numpy(np.stack([top(explainer.importance(one)) for one in values]))
    shown = torch.stack([windows, torch.where(drop, blank, windows), blank], dim=1)
    logits = engine.logits(network, shown.flatten(0, 1)).reshape(len(windows), 3, -1)  # [batch, shown, classes]
    probabilities = chances(network, logits)
    fixed = full_scale(model, explainer)
    scales = []
    for row, index in enumerate(indices):
        maximum = float(np.abs(values[row]).max())
        full = fixed if fixed is not None else maximum or 1.0
        scales.append(
            Scale(
                unit=explainer.units,
                maximum=maximum,
                full=full,
                full_is_fixed=fixed is not None,
                nothing_found=maximum < NOTHING * full,
                score_before=float(logits[row, 0, index]),
                score_after=float(logits[row, 1, index]),
                probability_before=float(probabilities[row, 0, index]),
                probability_after=float(probabilities[row, 1, index]),
                deleted_fraction=float(drop[row].float().mean()),
                deletion_value=explainer.deletion_value,
                all_deleted={
                    kind.symbol: float(p) for kind, p in zip(model.card.classes, probabilities[row, 2], strict=True)
                },
            )
        )
    return scales


def top(importance: Floats) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which samples have at least half the largest importance; none where nothing is positive."""
    return np.asarray((importance >= HALF * importance.max()) & (importance > 0))


def parameters(explainer: Explainer) -> dict[str, Any]:
    """The method's settings, without its name."""
    return explainer.model_dump(mode="json", exclude={"method"})


def plain(values: Floats) -> Any:
    """Nested lists of floats with float32's 7 digits; None for what is not finite: JSON has no name for it."""
    if values.ndim:
        return [plain(part) for part in values]
    number = float(values)
    return float(f"{number:.7g}") if math.isfinite(number) else None


def as_list(value: Any) -> list[object]:
    """A list stays; one number becomes a list of one."""
    return value if isinstance(value, list) else [value]


@cache
def versions() -> dict[str, str]:
    """What the numbers were computed with."""
    return {
        "beatlens": importlib.metadata.version("beatlens"),
        "torch": str(torch.__version__),
        "numpy": np.__version__,
        "python": platform.python_version(),
    }
