"""Training the network that bounds P, QRS and T, on odd-numbered recordings of LUDB."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save

from models.evaluation.waves import Marks, judged, leads, measured, recordings
from models.signals.wave_errors import ERRORS
from models.signals.wave_network import CLASSES, FS, WEIGHTS, Floats, WaveNetwork, bumps, network, prepared

SAMPLES = 2560  # of a row, at 250 Hz: ten seconds and a little
BATCH = 24  # rows
EPOCHS = 20
RATE = 4e-3  # largest learning rate
UNKNOWN = -1  # label of a sample that the cardiologists did not judge


@dataclass(frozen=True)
class Row:
    """One lead."""

    signal: Floats  # [samples at 250 Hz], the height of its QRS about 1
    labels: NDArray[np.int64]  # [samples], index into CLASSES or UNKNOWN
    r: Floats  # [beats], s


def train_waves(folder: Path, epochs: int = EPOCHS, say: Callable[[str], None] = print) -> None:
    """Write weights trained on LUDB's odd recordings below `folder`, and their errors on others."""
    paths = recordings(folder, "train")
    rows = [row(signal, fs, marks) for path in paths for signal, fs, marks in leads(path)]
    WEIGHTS.write_bytes(save({name: value.contiguous() for name, value in fit(rows, epochs, say).state_dict().items()}))
    network.cache_clear()
    measure_ranges(folder, say)


def measure_ranges(folder: Path, say: Callable[[str], None] = print) -> None:
    """Write how far the boundaries of the network that is there are from LUDB's, on recordings that did not train."""
    ERRORS.write_text(json.dumps(measured(judged(folder, "ranges", say)), indent=1) + "\n", encoding="utf-8")


def fit(rows: list[Row], epochs: int, say: Callable[[str], None] = print) -> WaveNetwork:
    """A network trained on every row once an epoch, each time altered anew."""
    torch.manual_seed(0)
    random = np.random.default_rng(0)
    made = WaveNetwork().train()
    optimizer = torch.optim.AdamW(made.parameters(), lr=RATE, weight_decay=1e-3)
    steps = epochs * -(-len(rows) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps)
    for epoch in range(epochs):
        losses = []
        for inputs, labels in batches(rows, random):
            optimizer.zero_grad()
            loss = torch.nn.functional.cross_entropy(made(inputs), labels, ignore_index=UNKNOWN)
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
        say(f"epoch {epoch + 1} of {epochs}: loss {np.mean(losses):.4f}")
    return made.eval()


def batches(rows: list[Row], random: np.random.Generator) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Every row once, in a new order, altered: inputs [rows, 2, samples], labels [rows, samples]."""
    order = random.permutation(len(rows))
    for part in (order[i : i + BATCH] for i in range(0, len(order), BATCH)):
        made = [fixed(altered(rows[i], random), random) for i in part]
        inputs = np.stack([inputs for inputs, _ in made]).astype(np.float32)
        yield torch.from_numpy(inputs), torch.from_numpy(np.stack([labels for _, labels in made]))


def row(signal: Floats, fs: float, marks: Marks) -> Row:
    """A lead as the network reads it, and what the cardiologists made of it; what they left out at its ends is unknown.

    A wave without one of its boundaries is unknown as well.
    """
    r = np.array([peak for _, peak, _ in marks["QRS"]]) / fs
    clean = prepared(signal, fs, r)[0]
    labels = np.zeros(len(clean), dtype=np.int64)
    edges = [at for spans in marks.values() for span in spans for at in span if at is not None]
    first, last = (int(np.rint(at / fs * FS)) for at in (min(edges, default=0), max(edges, default=0)))
    labels[:first] = labels[last + 1 :] = UNKNOWN
    for name, spans in marks.items():
        for onset, peak, end in spans:
            whole = onset is not None and end is not None
            begin, stop = (int(np.rint((peak if at is None else at) / fs * FS)) for at in (onset, end))
            reach = 0 if whole else round(0.1 * FS)
            labels[max(0, begin - reach) : stop + 1 + reach] = CLASSES.index(name) if whole else UNKNOWN
    return Row(clean, labels, r)


def altered(found: Row, random: np.random.Generator) -> Row:
    """The row as another heart, lead or amplifier might have written it."""
    signal, labels = found.signal.copy(), found.labels.copy()
    factors = np.full(len(signal), random.uniform(0.85, 1.2))
    broad = random.uniform(1.2, 2.2) if random.random() < 0.3 else 1.0
    without_p = random.random() < 0.12
    for start, stop in runs(labels == CLASSES.index("QRS")):
        ectopic = random.random() < 0.07
        factors[start:stop] *= random.uniform(1.4, 2.4) if ectopic else broad * random.uniform(0.95, 1.05)
        if ectopic:
            enlarge(signal, start, following_end(labels, stop), random.choice([-1, 1]) * random.uniform(0.8, 2.5))
        if without_p or ectopic or random.random() < 0.04:
            erase_p(signal, labels, start)
    signal *= random.uniform(0.7, 1.4) * (1 if random.random() < 0.8 else -1)
    noise = random.standard_normal((2, len(signal)))
    signal += random.uniform(0, 0.04) * noise[0] + random.uniform(0, 0.1) * smooth(noise[1])
    return warped(Row(signal, labels, found.r), factors)


def warped(found: Row, factors: Floats) -> Row:
    """The row with each sample made `factors` [samples] times as long."""
    ends = np.cumsum(factors) - factors[0]
    grid = np.arange(int(ends[-1]) + 1, dtype=np.float64)
    nearest = np.clip(np.rint(np.interp(grid, ends, np.arange(len(ends)))).astype(int), 0, len(ends) - 1)
    r = np.interp(found.r * FS, np.arange(len(ends)), ends) / FS
    return Row(np.interp(grid, ends, found.signal), found.labels[nearest], r)


def fixed(found: Row, random: np.random.Generator) -> tuple[Floats, NDArray[np.int64]]:
    """Inputs [2, SAMPLES] and labels [SAMPLES]: a random part of the row, or the row and nothing known after it."""
    spare = len(found.signal) - SAMPLES
    start = int(random.integers(0, spare + 1)) if spare > 0 else 0
    r = found.r + random.uniform(-0.02, 0.02) + random.uniform(-0.008, 0.008, len(found.r))
    inputs = np.stack([found.signal, bumps(r, len(found.signal))])[:, start : start + SAMPLES]
    labels = found.labels[start : start + SAMPLES]
    missing = SAMPLES - len(labels)
    padded = np.pad(inputs, ((0, 0), (0, missing)), mode="edge")
    return padded, np.pad(labels, (0, missing), constant_values=UNKNOWN)


def runs(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Each stretch of true samples, start ≤ sample < stop."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False])).astype(np.int8)))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def following_end(labels: NDArray[np.int64], stop: int) -> int:
    """End of the T wave that follows a QRS that ends at `stop`; `stop` where none does."""
    reach = labels[stop : stop + round(0.5 * FS)]
    found = runs(reach == CLASSES.index("T"))
    return stop + found[0][1] if found else stop


def enlarge(signal: Floats, start: int, stop: int, by: float) -> None:
    """Multiply, in place, what stands above the straight line from `start` to `stop`."""
    line = np.linspace(signal[start], signal[min(stop, len(signal) - 1)], stop - start)
    signal[start:stop] = line + by * (signal[start:stop] - line)


def erase_p(signal: Floats, labels: NDArray[np.int64], onset: int) -> None:
    """Replace, in place, the P wave before a QRS that begins at `onset` by a straight line."""
    first = max(0, onset - round(0.35 * FS))
    for start, stop in runs(labels[first:onset] == CLASSES.index("P"))[-1:]:
        a, b = first + start, first + stop
        enlarge(signal, a, b, 0.0)
        labels[a:b] = CLASSES.index("none")


def smooth(noise: Floats) -> Floats:
    """Noise [samples] as slow as a drifting baseline, standard deviation about 1."""
    width = round(0.4 * FS)
    return np.asarray(np.convolve(noise, np.ones(width) / np.sqrt(width), "same"))
