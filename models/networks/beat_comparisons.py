"""What tells a window's own beat from the others of the window: measures of rhythm and of shape, without a weight."""

import torch
from torch import Tensor

from models.networks.window_beats import BEFORE, SMALL, WindowBeats

QRS = slice(BEFORE - 12, BEFORE + 20)
P_WAVE = slice(BEFORE - 26, BEFORE - 8)
T_WAVE = slice(BEFORE + 22, BEFORE + 55)
LEVEL = slice(BEFORE - 20, BEFORE - 12)  # before QRS: what its area is counted from
ALIKE = 0.85  # correlation of two beats of one kind
RECURS = 0.05  # difference of the logarithms of two intervals that are alike
LIMITS = (0.15, 4.0)  # of a ratio of intervals


def rhythm_measures(beats: WindowBeats) -> dict[str, Tensor]:
    """Intervals around the own beat against the window's, and how regular the window is without these: name → [batch].

    Regularity is the share of pairs of intervals that are alike: low in atrial fibrillation, not so in bigeminy.
    """
    own, rr = beats.own, beats.times.diff(dim=1)
    there = beats.there[:, 1:] & beats.there[:, :-1]
    usual = torch.nan_to_num(torch.where(there, rr, torch.nan).nanmedian(dim=1).values, nan=0.8)
    rr = torch.where(there, rr, usual[:, None]).clamp_min(SMALL)
    earlier = _mean(rr[:, : own - 1], there[:, : own - 1].float())
    earlier = torch.where(there[:, : own - 1].any(dim=1), earlier, usual)
    pre, post, ratio = rr[:, own - 1], rr[:, own], rr / usual[:, None]
    found = {
        "usual": _log(usual), "pre/earlier": _log(pre / earlier), "post/earlier": _log(post / earlier),
        "pre/post": _log(pre / post), "pre/pre2": _log(pre / rr[:, own - 2]), "both": _log((pre + post) / (2 * usual)),
        "longest": _log(ratio.amax(dim=1)), "shortest": _log(ratio.amin(dim=1)),
        "longest before": _log(ratio[:, : own - 1].amax(dim=1)),
        "short": (there & (ratio < ALIKE)).sum(dim=1) / (there.sum(dim=1) + 1.0),
        "last four": ratio[:, own - 4 : own].mean(dim=1),
    }  # fmt: skip
    found |= {f"rr {k - own + 1}": _log(ratio[:, k]) for k in range(own - 6, own + 4)}
    return found | _regularity(_log(ratio), there, own)


def _regularity(log: Tensor, there: Tensor, own: int) -> dict[str, Tensor]:
    """Measures [batch] of the intervals log [batch, intervals] that do not touch the own beat."""
    known = there.clone()
    known[:, own - 1 : own + 1] = False
    both = known[:, :, None] & known[:, None, :] & ~torch.eye(known.shape[1], dtype=torch.bool, device=known.device)
    recurs = torch.exp(-(((log[:, :, None] - log[:, None, :]) / RECURS) ** 2))
    jump, steps = log.diff(dim=1).abs(), known[:, 1:] & known[:, :-1]
    mean = _mean(log, known.float())
    return {
        "recurs": _mean((recurs * both).flatten(1), both.flatten(1).float()),
        "jump": _mean(jump, steps.float()),
        "median jump": torch.nan_to_num(torch.where(steps, jump, torch.nan).nanmedian(dim=1).values),
        "sd": (_mean((log - mean[:, None]) ** 2, known.float()) + SMALL).sqrt(),
    }


def shape_measures(beats: WindowBeats) -> dict[str, Tensor]:
    """The own beat's shape against the usual one of the window, part by part, and against its neighbours': [batch]."""
    usual, weights, pairs = usual_beat(beats)
    own = beats.shapes[:, beats.own]
    count = beats.there.sum(dim=1) + SMALL
    found = {
        "share of usual": weights.sum(dim=1) / count,
        "share of own": (pairs[:, beats.own].sum(dim=1) - 1) / count,
        "is usual": weights[:, beats.own],
    }
    for name, part in (("QRS", QRS), ("P", P_WAVE), ("T", T_WAVE)):
        found |= {f"{name} {key}": value for key, value in _against(beats, usual, weights, part).items()}
    found |= _by_lead(own, usual, found["QRS like"]) | _p_wave(beats, own, usual, weights) | _widths(own, usual)
    return found | _neighbours(beats, own, weights)


def usual_beat(beats: WindowBeats) -> tuple[Tensor, Tensor, Tensor]:
    """The mean [batch, leads, samples] of the beats like the commonest, their weights, and who is like whom.

    Weights [batch, beats] and pairs [batch, beats, beats] lie in 0–1: a sigmoid of the correlation of QRS in all leads.
    """
    qrs = beats.shapes[..., QRS].flatten(2)
    qrs = qrs - qrs.mean(dim=2, keepdim=True)
    power = qrs.square().sum(dim=2, keepdim=True)
    like = torch.einsum("bif,bjf->bij", qrs, qrs) / (power * power.transpose(1, 2) + SMALL).sqrt()
    pairs = torch.sigmoid(25 * (like - ALIKE)) * beats.there[:, None, :] * beats.there[:, :, None]
    weights = pairs[torch.arange(len(pairs), device=pairs.device), pairs.sum(dim=2).argmax(dim=1)]
    mean = torch.einsum("bi,bilt->blt", weights, beats.shapes) / (weights.sum(dim=1)[:, None, None] + SMALL)
    return mean, weights, pairs


def _against(beats: WindowBeats, usual: Tensor, weights: Tensor, part: slice) -> dict[str, Tensor]:
    """One part of the own beat against the usual: likeness, distance, and that against other usual beats' distance."""
    shapes, normal = beats.shapes[..., part].flatten(2), usual[..., part].flatten(1)
    off = ((shapes - normal[:, None]).square().mean(dim=2) + SMALL**2).sqrt()
    size = (usual[..., QRS].flatten(1).square().mean(dim=1) + 0.01).sqrt()
    return {
        "like": _likeness(shapes[:, beats.own], normal),
        "off": off[:, beats.own] / size,
        "strange": torch.log((off[:, beats.own] + 0.03) / (_mean(off, weights) + 0.03)),
    }


def _by_lead(own: Tensor, usual: Tensor, like: Tensor) -> dict[str, Tensor]:
    """Likeness and size of QRS in the lead where it is lowest and highest; a lead without signal says nothing."""
    a, b = own[..., QRS], usual[..., QRS]
    live = _height(b) > 0.05
    each = torch.where(live, _likeness(a, b), like[:, None])
    size = torch.where(live, torch.log((_height(a) + 0.02) / (_height(b) + 0.02)), 0.0)
    slopes = [(x.diff(dim=2).abs().amax(dim=2)).sum(dim=1) + 0.02 for x in (a, b)]
    return {
        "least like": each.amin(dim=1), "most like": each.amax(dim=1), "least size": size.amin(dim=1),
        "most size": size.amax(dim=1), "slope": torch.log(slopes[0] / slopes[1]),
    }  # fmt: skip


def _p_wave(beats: WindowBeats, own: Tensor, usual: Tensor, weights: Tensor) -> dict[str, Tensor]:
    """Size of P against QRS, and how like the usual one the P waves are: of usual beats, of the own one, of others."""
    each = _likeness(beats.shapes[..., P_WAVE].flatten(2), usual[..., P_WAVE].flatten(1)[:, None])
    qrs = _height(usual[..., QRS]).sum(dim=1) + 0.05
    size, normal = (torch.log((_height(x[..., P_WAVE]).sum(dim=1) + 0.02) / qrs) for x in (own, usual))
    steady = _mean(each, weights)
    found = {"P size": size, "usual P size": normal, "P more": size - normal, "P steady": steady}
    found["P less like"] = each[:, beats.own] - steady
    others = {k: each[:, beats.own + k] * beats.there[:, beats.own + k] for k in (-2, -1, 1, 2)}
    return found | {f"P like {k}": value for k, value in others.items()}


def _widths(own: Tensor, usual: Tensor) -> dict[str, Tensor]:
    """Width of QRS by three measures, its own and against the usual."""
    (spread, wide, area, ratio), (spread_, wide_, area_, ratio_) = (_width(x) for x in (own, usual))
    return {
        "spread": spread, "usual spread": spread_, "spread more": spread - spread_, "wide": wide,
        "wide more": wide - wide_, "area": area - area_, "broad": ratio, "broad more": ratio - ratio_,
    }  # fmt: skip


def _width(shape: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Of shape [batch, leads, samples]: log SD of where it is steep, 0.1 s of steepness, log area, area over height."""
    slope = shape.diff(dim=2).abs().sum(dim=1)[:, BEFORE - 16 : BEFORE + 24]
    power, steps = slope.square(), torch.arange(40.0, device=slope.device)
    total = power.sum(dim=1, keepdim=True) + SMALL
    middle = (power * steps).sum(dim=1, keepdim=True) / total
    spread = ((power * (steps - middle).square()).sum(dim=1) / total[:, 0] + SMALL).log() / 2
    wide = torch.sigmoid(12 * (slope / (slope.amax(dim=1, keepdim=True) + SMALL) - 0.25)).sum(dim=1) / 10
    size = (shape[..., QRS] - shape[..., LEVEL].mean(dim=2, keepdim=True)).abs().sum(dim=1)
    area = size.sum(dim=1)
    return spread, wide, torch.log(area + 0.1), area / (size.amax(dim=1) + 0.05) / 10


def _neighbours(beats: WindowBeats, own: Tensor, weights: Tensor) -> dict[str, Tensor]:
    """Whether the beats around are like the own one, and like the usual."""
    like = _likeness(beats.shapes[..., QRS].flatten(2), own[..., QRS].flatten(1)[:, None]) * beats.there
    around = [k for k in range(-4, 5) if k]
    found = {f"QRS like {k}": like[:, beats.own + k] for k in around}
    return found | {f"usual {k}": weights[:, beats.own + k] for k in around}


def _mean(values: Tensor, weights: Tensor) -> Tensor:
    """Weighted mean [batch] of values [batch, any]; 0 without weight."""
    return (values * weights).sum(dim=1) / (weights.sum(dim=1) + SMALL)


def _log(ratio: Tensor) -> Tensor:
    return torch.log(ratio.clamp(*LIMITS))


def _height(shape: Tensor) -> Tensor:
    return shape.amax(dim=-1) - shape.amin(dim=-1)


def _likeness(a: Tensor, b: Tensor) -> Tensor:
    """Correlation [...] of a and b [..., samples]; 0 of what is flat."""
    a, b = a - a.mean(dim=-1, keepdim=True), b - b.mean(dim=-1, keepdim=True)
    return (a * b).sum(dim=-1) / (a.square().sum(dim=-1) * b.square().sum(dim=-1) + SMALL).sqrt()
