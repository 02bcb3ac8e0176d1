"""The shapes of synthesised beats: Gaussian waves (centre in s from R, width σ in s, height in mV) for MLII and V1."""

from typing import NamedTuple

Wave = tuple[float, float, float]
Shape = tuple[tuple[Wave, ...], tuple[Wave, ...]]  # MLII, V1


class Spike(NamedTuple):
    """A pacemaker's stimulus, one sample wide."""

    time: float  # s from R
    millivolts: float


_P_II: tuple[Wave, ...] = ((-0.175, 0.018, 0.07), (-0.150, 0.018, 0.09))  # right, then left atrium
_P_V1: tuple[Wave, ...] = ((-0.175, 0.016, 0.05), (-0.145, 0.016, -0.04))
_T_II: tuple[Wave, ...] = ((0.225, 0.048, 0.14), (0.270, 0.034, 0.20))  # slow rise, steep fall
_T_V1: tuple[Wave, ...] = ((0.260, 0.045, -0.10),)

NORMAL: Shape = (
    (*_P_II, (-0.030, 0.008, -0.10), (0.0, 0.0105, 1.20), (0.030, 0.010, -0.22), *_T_II),
    (*_P_V1, (-0.014, 0.008, 0.22), (0.016, 0.013, -0.95), *_T_V1),
)
VENTRICULAR: Shape = (  # no P, wide QRS, T against it
    ((-0.030, 0.026, 0.45), (0.008, 0.034, 1.35), (0.085, 0.030, -0.45), (0.290, 0.062, -0.50)),
    ((-0.035, 0.024, -0.35), (0.010, 0.036, -1.20), (0.080, 0.028, 0.35), (0.290, 0.060, 0.42)),
)
RIGHT_BLOCK: Shape = (  # slurred S in II, rSR′ in V1
    (*_P_II, (-0.030, 0.008, -0.08), (0.0, 0.0105, 0.95), (0.050, 0.024, -0.38), *_T_II),
    (*_P_V1, (-0.018, 0.008, 0.28), (0.008, 0.009, -0.50), (0.055, 0.019, 0.85), (0.285, 0.045, -0.28)),
)
PACED: Shape = (  # from the right ventricle's apex: wide, negative in both
    ((-0.020, 0.022, -0.30), (0.018, 0.034, -1.10), (0.080, 0.030, -0.25), (0.300, 0.060, 0.45)),
    ((-0.022, 0.020, -0.20), (0.018, 0.036, -0.95), (0.085, 0.030, -0.15), (0.300, 0.060, 0.38)),
)

SHAPES: dict[str, Shape] = {"N": NORMAL, "V": VENTRICULAR, "R": RIGHT_BLOCK, "/": PACED}
SPIKES: dict[str, Spike] = {"/": Spike(time=-0.080, millivolts=0.9)}
