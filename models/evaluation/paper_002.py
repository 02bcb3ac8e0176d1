"""What paper 002 prints of its networks, tables 5.1 to 5.6: F1 over eight folds of its own, and summed confusions."""

from dataclasses import dataclass

CLASSES = ("A", "N", "O", "~")  # the order in which it prints them


@dataclass(frozen=True)
class Printed:
    """One row of a table: F1 of CLASSES and their challenge score, each with its standard deviation over folds."""

    network: str
    f1: str  # as printed, in the order of CLASSES and then the score
    recipe: str | None = None  # that trains the same network here


_SEVEN = Printed("7 layer CNN+GMP", "0.78 ± 0.03, 0.92 ± 0.01, 0.76 ± 0.02, 0.56 ± 0.08, 0.82 ± 0.01", "cinc-conv7")
_MEAN = Printed("7 layer CNN+GAP", "0.79 ± 0.05, 0.91 ± 0.01, 0.75 ± 0.03, 0.60 ± 0.07, 0.82 ± 0.02", "cinc-conv7-gap")
_FIFTEEN = Printed("15 layer CNN+GMP", "0.82 ± 0.02, 0.92 ± 0.01, 0.79 ± 0.02, 0.63 ± 0.07, 0.84 ± 0.01", "cinc-conv15")
_SEVENTEEN = Printed(
    "17 layer CNN+GMP", "0.81 ± 0.04, 0.92 ± 0.01, 0.78 ± 0.02, 0.65 ± 0.04, 0.83 ± 0.02", "cinc-conv17"
)
_VOTED = Printed(
    "17 layer CNN+AttentionGates, mean vote",
    "0.81 ± 0.04, 0.92 ± 0.01, 0.78 ± 0.02, 0.63 ± 0.09, 0.84 ± 0.02",
    "cinc-gated17",
)
_LSTM16 = Printed(
    "7 layer CNN+1 layer LSTM, 16 hidden",
    "0.80 ± 0.03, 0.92 ± 0.01, 0.78 ± 0.02, 0.65 ± 0.06, 0.83 ± 0.02",
    "cinc-conv7-lstm16",
)
_TWO16 = Printed(
    "pretrained 7 layer CNN+2 layer LSTM, 16 hidden",
    "0.81 ± 0.02, 0.92 ± 0.01, 0.78 ± 0.02, 0.65 ± 0.06, 0.84 ± 0.02",
    "cinc-conv7-2lstm16",
)
_FOUR = Printed(
    "pretrained 15 layer CNN+1 layer LSTM, 4 hidden", "0.82 ± 0.03, 0.92 ± 0.01, 0.78 ± 0.02, 0.62 ± 0.06, 0.84 ± 0.02"
)
_LSTM64 = Printed(
    "pretrained 15 layer CNN+1 layer LSTM, 64 hidden",
    "0.83 ± 0.03, 0.92 ± 0.01, 0.79 ± 0.02, 0.64 ± 0.06, 0.85 ± 0.02",
    "cinc-conv15-lstm64",
)
_TWO64 = Printed(
    "pretrained 15 layer CNN+2 layer LSTM, 64 hidden",
    "0.82 ± 0.03, 0.92 ± 0.01, 0.79 ± 0.02, 0.64 ± 0.09, 0.84 ± 0.02",
)

TABLES: dict[str, tuple[str, tuple[Printed, ...]]] = {
    "5.1": (
        "global pooling",
        (
            Printed("4 layer CNN+GMP", "0.61 ± 0.06, 0.86 ± 0.03, 0.59 ± 0.03, 0.50 ± 0.09, 0.68 ± 0.04", "cinc-conv4"),
            _MEAN,
            _SEVEN,
            _FIFTEEN,
            Printed(
                "15 layer, residual CNN+GMP",
                "0.80 ± 0.03, 0.91 ± 0.01, 0.77 ± 0.02, 0.63 ± 0.05, 0.83 ± 0.02",
                "cinc-residual15",
            ),
            Printed(
                "15 layer CNN+GMP, mean vote",
                "0.81 ± 0.02, 0.91 ± 0.01, 0.78 ± 0.02, 0.54 ± 0.11, 0.83 ± 0.02",
                "cinc-vote15",
            ),
            _SEVENTEEN,
        ),
    ),
    "5.2": (
        "attention gates",
        (
            _SEVENTEEN,
            Printed(
                "17 layer CNN+AttentionGates, concat",
                "0.81 ± 0.05, 0.92 ± 0.01, 0.78 ± 0.02, 0.66 ± 0.05, 0.83 ± 0.02",
                "cinc-gated17-joined",
            ),
            _VOTED,
        ),
    ),
    "5.3": (
        "ConvLSTM",
        (
            Printed(
                "4 layer CNN+1 layer LSTM, 16 hidden",
                "0.63 ± 0.04, 0.86 ± 0.01, 0.59 ± 0.04, 0.44 ± 0.12, 0.69 ± 0.03",
            ),
            Printed(
                "4 layer CNN+1 layer LSTM, 64 hidden",
                "0.69 ± 0.04, 0.88 ± 0.01, 0.68 ± 0.03, 0.56 ± 0.10, 0.75 ± 0.02",
            ),
            Printed(
                "7 layer CNN+1 layer LSTM, 4 hidden",
                "0.77 ± 0.04, 0.91 ± 0.01, 0.77 ± 0.02, 0.56 ± 0.12, 0.82 ± 0.02",
            ),
            _LSTM16,
            Printed(
                "7 layer CNN+1 layer LSTM, 64 hidden",
                "0.80 ± 0.03, 0.92 ± 0.01, 0.78 ± 0.02, 0.64 ± 0.08, 0.83 ± 0.02",
            ),
            _TWO16,
            Printed(
                "pretrained 7 layer CNN+3 layer LSTM, 32 hidden",
                "0.82 ± 0.02, 0.92 ± 0.01, 0.78 ± 0.02, 0.65 ± 0.10, 0.84 ± 0.01",
            ),
            Printed(
                "7 layer CNN+bidirectional LSTM, 16 hidden",
                "0.81 ± 0.02, 0.92 ± 0.01, 0.78 ± 0.03, 0.65 ± 0.08, 0.83 ± 0.02",
            ),
            Printed(
                "7 layer CNN+bidirectional LSTM, 16 hidden, center",
                "0.80 ± 0.04, 0.92 ± 0.01, 0.78 ± 0.02, 0.65 ± 0.07, 0.83 ± 0.02",
            ),
            Printed(
                "7 layer CNN+bidirectional GRU, 16 hidden",
                "0.81 ± 0.02, 0.91 ± 0.01, 0.77 ± 0.02, 0.64 ± 0.06, 0.83 ± 0.01",
            ),
            Printed(
                "7 layer CNN+bidirectional LSTM, 64 hidden+pooling",
                "0.80 ± 0.02, 0.91 ± 0.01, 0.76 ± 0.02, 0.59 ± 0.07, 0.82 ± 0.01",
            ),
            Printed(
                "pretrained 15 layer CNN+1 layer LSTM, 2 hidden",
                "0.79 ± 0.04, 0.91 ± 0.01, 0.78 ± 0.02, 0.52 ± 0.21, 0.83 ± 0.02",
            ),
            _FOUR,
            _LSTM64,
            _TWO64,
            Printed(
                "pretrained 15 layer residual CNN+2 layer LSTM, 64 hidden",
                "0.80 ± 0.02, 0.91 ± 0.01, 0.78 ± 0.02, 0.60 ± 0.06, 0.83 ± 0.01",
            ),
        ),
    ),
    "5.4": (
        "comparison",
        (_MEAN, _SEVEN, _LSTM16, _TWO16, _FIFTEEN, _FOUR, _LSTM64, _TWO64, _SEVENTEEN, _VOTED),
    ),
}

# Counts [prediction][truth] in the order of CLASSES, as printed: table, network, recipe.
CONFUSIONS: tuple[tuple[str, str, str, tuple[tuple[int, ...], ...]], ...] = (
    (
        "5.5",
        "7 layer CNN+GMP",
        "cinc-conv7",
        ((688, 70, 236, 21), (13, 4707, 423, 57), (48, 225, 1663, 21), (9, 74, 93, 180)),
    ),
    (
        "5.5",
        "pretrained 7 layer CNN+2 layer LSTM, 16 hidden",
        "cinc-conv7-2lstm16",
        ((637, 28, 134, 14), (20, 4795, 487, 50), (83, 204, 1740, 22), (18, 49, 54, 193)),
    ),
    (
        "5.6",
        "15 layer CNN+GMP",
        "cinc-conv15",
        ((641, 37, 124, 11), (14, 4703, 379, 60), (90, 301, 1864, 32), (13, 35, 48, 176)),
    ),
    (
        "5.6",
        "pretrained 15 layer CNN+1 layer LSTM, 64 hidden",
        "cinc-conv15-lstm64",
        ((633, 21, 99, 13), (18, 4706, 403, 59), (96, 318, 1869, 35), (11, 31, 44, 172)),
    ),
)
