"""The beats of a window, found by their steepness inside of a network: where a beat lies follows the signal smoothly,
which peaks are beats does not."""

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

FS = 100  # Hz, at which all is counted here
SMOOTH = 13  # samples over which the steepness is averaged
APART = 20  # samples, two beats are further apart
T_WAVE = 36  # samples after a beat within which another must be half as steep: what is less is its T wave
LEAST = 0.35  # of the window's usual beat, that every beat must have in steepness
NEAR = 12  # samples from where the window was cut within which its own beat is looked for
PLACE = 8  # samples either side of a peak from which its place is found
BEFORE, AFTER = 40, 60  # samples of a beat's shape before its steepest part, and from there on
SMALL = 1e-4


class WindowBeats(NamedTuple):
    """The beats of each window of a batch; the one that it was cut around is number `own`."""

    times: Tensor  # [batch, beats], s from the window's own beat
    there: Tensor  # [batch, beats], bool: there may be fewer than were asked for
    shapes: Tensor  # [batch, beats, leads, samples]
    own: int


def find_beats(signals: Tensor, middle: int, earlier: int, later: int) -> WindowBeats:
    """The beat nearest to sample `middle` of signals [batch, leads, samples] at 100 Hz, and as many around it."""
    steep = _steepness(signals)
    with torch.no_grad():
        spots, there = _peaks(steep, middle, earlier, later)
    offsets = torch.arange(-PLACE, PLACE + 1, device=steep.device)
    index = (spots[..., None] + offsets).clamp(0, steep.shape[1] - 1)
    near = steep.gather(1, index.flatten(1)).view(index.shape)
    weights = torch.softmax(8 * near / (near.amax(dim=2, keepdim=True) + SMALL), dim=2)
    places = spots + (weights * offsets).sum(dim=2)
    return WindowBeats((places - places[:, earlier, None]) / FS, there, _shapes(signals, places.detach()), earlier)


def _steepness(signals: Tensor) -> Tensor:
    """Smoothed |slope| [batch, samples] in units of the usual beat's; a lead where beats stand out less counts less."""
    slope = (signals[:, :, 2:] - signals[:, :, :-2]).abs()
    usual = functional.max_pool1d(slope, FS, FS).median(dim=2, keepdim=True).values  # the steepest of each second
    clear = usual / (slope.mean(dim=2, keepdim=True) + SMALL)
    clear = clear / clear.amax(dim=1, keepdim=True).clamp_min(SMALL)
    both = (slope * clear**2 / (usual + 10 * SMALL) * (usual > 10 * SMALL)).sum(dim=1, keepdim=True)
    return functional.avg_pool1d(functional.pad(both, (1, 1)), SMOOTH, 1, SMOOTH // 2)[:, 0]


def _peaks(steep: Tensor, middle: int, earlier: int, later: int) -> tuple[Tensor, Tensor]:
    """Samples [batch, earlier + 1 + later] of the beats, in order, and which there are."""
    samples = steep.shape[1]
    beat = _stands_out(steep)
    steps = torch.arange(samples, device=steep.device)
    near = slice(middle - NEAR, middle + NEAR + 1)
    own = middle - NEAR + (steep[:, near] + 1e3 * beat[:, near]).argmax(dim=1, keepdim=True)
    before = torch.where(beat & (steps < own - APART), steps, -1).topk(earlier, dim=1).values.flip(1)
    after = -torch.where(beat & (steps > own + APART), -steps, -samples).topk(later, dim=1).values
    spots = torch.cat((before, own, after), dim=1)
    return spots.clamp(0, samples - 1), (spots >= 0) & (spots < samples)


def _stands_out(steep: Tensor) -> Tensor:
    """Which samples of steep [batch, samples] are peaks steep enough for a beat, and no T wave of the one before."""
    tallest = functional.max_pool1d(steep[:, None], 2 * APART + 1, 1, APART)[:, 0]
    peak = (steep == tallest) & (steep > SMALL)
    heights = torch.where(peak, steep, 0.0).topk(max(3, steep.shape[1] // FS), dim=1).values
    behind = functional.max_pool1d(functional.pad(steep[:, None], (T_WAVE, 0)), T_WAVE + 1, 1)[:, 0]
    return peak & (steep >= LEAST * heights.median(dim=1, keepdim=True).values) & (steep >= 0.5 * behind)


def _shapes(signals: Tensor, places: Tensor) -> Tensor:
    """Shapes [batch, beats, leads, samples] around places [batch, beats]; the window's ends go on beyond it."""
    index = (places.round().long()[..., None] + torch.arange(-BEFORE, AFTER, device=places.device)).clamp(
        0, signals.shape[2] - 1
    )
    batch, leads = signals.shape[:2]
    cut = signals.gather(2, index.flatten(1)[:, None].expand(-1, leads, -1))
    return cut.view(batch, leads, *index.shape[1:]).transpose(1, 2)
