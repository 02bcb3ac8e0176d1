"""Draws each method on the same three beats into docs/pictures/methods. Run by `make method-pictures DATA=mitdb`.

The beats are test patients' of `mitbih-lstm`: a normal one, a right bundle branch block and a PVC, all named rightly.
"""

import sys
from pathlib import Path

import matplotlib as mpl
import numpy as np
import torch
from matplotlib import pyplot
from matplotlib.colors import LinearSegmentedColormap

from models import zoo
from models.explainers import Batch, Explainer, explainers
from models.records.catalogue import catalogue
from models.signals.windows import Cutter
from models.zoo import Model

PICTURES = Path(__file__).parent / "pictures" / "methods"
RAMP = LinearSegmentedColormap.from_list("relevance", ("#C2700F", "#FFFFFF", "#6D9EDB"))  # lowers, raises the score
BEATS = (("200", "N"), ("212", "R"), ("200", "V"))  # recording, reference and output


def main(folder: Path) -> None:
    """A picture for every method that gives the model a map."""
    mpl.use("agg")
    torch.set_num_threads(1)
    PICTURES.mkdir(parents=True, exist_ok=True)
    model = zoo.load("mitbih-lstm")
    windows = np.stack([window(model, folder, *beat) for beat in BEATS])
    symbols = [kind.symbol for kind in model.card.classes]
    batch = Batch(torch.from_numpy(windows), torch.tensor([symbols.index(symbol) for _, symbol in BEATS]))
    for name, kind in explainers().items():
        if kind.unsupported(model.network) is None and kind(method=name).ranks:
            drawn(kind(method=name), model, batch)
            print(name, flush=True)


def window(model: Model, folder: Path, record: str, symbol: str) -> np.ndarray:
    """The first beat [leads, samples] of a recording that reference and model call by this symbol."""
    source = catalogue([folder])
    found = next(entry.id for entry in source.entries() if entry.name == record)
    cutter = Cutter(source.open(found), model.card, 0)
    symbols = np.array(cutter.anchors.labels or ())
    rows = np.flatnonzero((symbols == symbol) & cutter.valid)[:200]
    inputs, _ = cutter.together(rows)
    answers = [model.card.classes[i].symbol for i in model.logits(inputs).argmax(axis=1)]
    return np.asarray(inputs[answers.index(symbol)])


def drawn(method: Explainer, model: Model, batch: Batch) -> None:
    """The three maps side by side on one scale, behind what the model reads."""
    maps = method.attribute(model.network, batch).values
    full = float(np.abs(maps).max()) or 1.0
    ends = float(batch.signals.min()) - 0.3, float(batch.signals.max()) + 0.3
    figure, axes = pyplot.subplots(1, 3, figsize=(9, 1.7))
    for axis, (record, symbol), signal, values in zip(axes, BEATS, batch.signals, maps, strict=True):
        extent = (0, signal.shape[1], *ends)
        axis.imshow(values[:1], cmap=RAMP, vmin=-full, vmax=full, aspect="auto", extent=extent)
        axis.plot(signal[0], color="black", linewidth=0.9)
        axis.set_title(f"{record}, {symbol}", fontsize=8, pad=2)
        axis.set_xticks([])
        axis.set_yticks([])
    figure.text(0.995, 0.5, f"± {full:.2g} {method.units}", rotation=90, ha="right", va="center", fontsize=7)
    figure.tight_layout(pad=0.4, rect=(0, 0, 0.985, 1))
    figure.savefig(PICTURES / f"{method.method}.png", dpi=110, metadata={"Software": None})
    pyplot.close(figure)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
