"""The network that tells P, QRS and T apart, sample by sample, in one lead with known R peaks."""

from functools import cache
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load
from scipy.signal import butter, sosfiltfilt
from torch import Tensor, nn

from models.signals.resample import resample

Floats = NDArray[np.float64]

FS = 250.0  # Hz
BAND = (0.5, 40.0)  # Hz, zero-phase Butterworth of order 2
CLASSES = ("none", "P", "QRS", "T")
WIDTHS = (8, 16, 24, 32, 32)  # channels at 250 Hz, and at each half of the rate before
TAPS = 7
SPREAD = 0.02  # s: standard deviation of the bump that marks an R peak
NEAR = 0.08  # s either side of R: where the height of a QRS is taken
WEIGHTS = Path(__file__).parent / "waves.safetensors"


class WaveNetwork(nn.Module):
    """A U-Net of [batch, 2, samples] (lead, R peaks) to scores [batch, classes, samples]; samples: multiples of 16."""

    def __init__(self) -> None:
        super().__init__()
        before = (2, *WIDTHS[:-1])
        self.down = nn.ModuleList(_block(a, b) for a, b in zip(before, WIDTHS, strict=True))
        self.up = nn.ModuleList(_block(a + b, b) for a, b in zip(WIDTHS[:0:-1], WIDTHS[-2::-1], strict=True))
        self.head = nn.Conv1d(WIDTHS[0], len(CLASSES), 1)

    def forward(self, signals: Tensor) -> Tensor:
        """Scores [batch, classes, samples]."""
        levels: list[Tensor] = []
        x = signals
        for block in self.down:
            x = block(nn.functional.max_pool1d(x, 2) if levels else x)
            levels.append(x)
        for block, beside in zip(self.up, levels[-2::-1], strict=True):
            x = block(torch.cat([nn.functional.interpolate(x, scale_factor=2.0), beside], dim=1))
        return self.head(x)  # type: ignore[no-any-return]


def _block(inputs: int, outputs: int) -> nn.Sequential:
    half = TAPS // 2
    return nn.Sequential(
        nn.Conv1d(inputs, outputs, TAPS, padding=half), nn.BatchNorm1d(outputs), nn.ReLU(),
        nn.Conv1d(outputs, outputs, TAPS, padding=half), nn.BatchNorm1d(outputs), nn.ReLU(),
    )  # fmt: skip


@cache
def network() -> WaveNetwork:
    """The shipped weights."""
    made = WaveNetwork()
    made.load_state_dict(load(WEIGHTS.read_bytes()))
    return made.eval().requires_grad_(False)


def prepared(signal: Floats, fs: float, r: Floats) -> Floats:
    """Rows [2, samples at 250 Hz] of signal[samples] at fs Hz (no NaN) with R peaks r [beats] in seconds."""
    clean = filtered(resample(signal, fs, FS))
    near = max(1, round(NEAR * FS))
    peaks = np.clip(np.rint(r * FS).astype(int), 0, len(clean) - 1)
    heights = [np.abs(clean[max(0, at - near) : at + near + 1]).max() for at in peaks]
    height = float(np.median(heights)) if len(heights) else 0.0
    return np.stack([clean / (height or 1.0), bumps(r, len(clean))])


def filtered(signal: Floats) -> Floats:
    """signal[samples] at 250 Hz within the band."""
    sections = butter(2, BAND, btype="bandpass", fs=FS, output="sos")
    return np.asarray(sosfiltfilt(sections, signal, padlen=min(round(FS), len(signal) - 1)))


def bumps(r: Floats, samples: int) -> Floats:
    """A bump of height 1 at each of the R peaks r [beats] (s), [samples at 250 Hz]."""
    time = np.arange(samples) / FS
    row = np.zeros(samples)
    for peak in r:
        first, last = (int(np.clip((peak + side * 4 * SPREAD) * FS, 0, samples)) for side in (-1, 1))
        around = slice(first, last)
        row[around] = np.maximum(row[around], np.exp(-0.5 * ((time[around] - peak) / SPREAD) ** 2))
    return row


def probabilities(signal: Floats, fs: float, r: Floats) -> Floats:
    """Probability [classes, samples at 250 Hz] of each class in signal[samples] with R peaks r [beats] in seconds."""
    rows = prepared(signal, fs, r)
    samples = rows.shape[1]
    padded = np.pad(rows, ((0, 0), (0, -samples % 2 ** (len(WIDTHS) - 1))), mode="edge")
    with torch.inference_mode():
        scores = network()(torch.from_numpy(padded.astype(np.float32))[None])
    return np.asarray(scores.softmax(dim=1)[0, :, :samples].numpy(), dtype=np.float64)
