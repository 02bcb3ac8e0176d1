"""The figures of paper 002: drawn by the networks that are there, the others named, unknown numbers refused."""

from pathlib import Path

import numpy as np
import pytest
import wfdb
from PIL import Image

import models
from models.errors import InvalidError
from models.evaluation.figures_002 import FIGURES, figures
from models.training.rhythm_recipes import RECIPES

CANDIDATES = Path(models.__file__).parent / "candidates"
SECONDS = 30


@pytest.fixture
def cinc(tmp_path: Path) -> Path:
    """A06020 as a spike each second, at 300 Hz."""
    folder = tmp_path / "cinc" / "training2017"
    folder.mkdir(parents=True)
    signal = 0.02 * np.random.default_rng(0).standard_normal(SECONDS * 300)
    for at in range(150, len(signal) - 30, 300):
        signal[at : at + 12] += np.hanning(12)
    names = {"units": ["mV"], "sig_name": ["ECG"], "fmt": ["16"]}
    wfdb.wrsamp("A06020", fs=300, p_signal=signal[:, None], write_dir=str(folder), **names)
    return folder.parent


def test_a_figure_is_drawn_by_the_network_that_is_there(cinc: Path, tmp_path: Path) -> None:
    said: list[str] = []
    (made,) = figures(cinc, tmp_path, CANDIDATES, tmp_path / "out", ["5.1", "5.9"], said.append)
    assert made.name == "figure-5.1.png"
    with Image.open(made) as picture:
        assert picture.width == 1100
    assert "by cinc-conv7" in said[0]
    assert said[1] == "Figure 5.9 waits for a network: train cinc-gated17 or cinc-gated17-joined"


def test_what_is_not_there_is_named(cinc: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidError, match=r"Figure 5\.2: there is 5\.1"):
        figures(cinc, tmp_path, CANDIDATES, tmp_path, ["5.2"], print)
    with pytest.raises(InvalidError, match=r"No A00225\.hea"):
        figures(cinc, tmp_path, CANDIDATES, tmp_path, ["5.3"], print)


def test_every_figure_names_recipes() -> None:
    assert {name for one in FIGURES for name in one.models} <= set(RECIPES)
