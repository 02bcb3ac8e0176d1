"""A package that is added changes no explanation's identity."""

import os
import subprocess
import sys
from pathlib import Path

from stub_data import install

ROOT = Path(__file__).parents[2]
IDS = """
import numpy as np
from models import zoo
from models.explainers import explainers
from models.tasks.explanation import explanation
model = zoo.load("mitbih-lstm")
window = np.sin(np.linspace(0, 9, 216, dtype=np.float32))[None]
for name, kind in explainers().items():
    if kind.unsupported(model.network):
        continue
    print(name, explanation(model, window, 1, kind(method=name)).id)
"""


def ids(*path: Path) -> dict[str, str]:
    """Method → id of its explanation of one window, in a process that finds packages at `path`."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (ROOT, *path)))}
    told = subprocess.run([sys.executable, "-c", IDS], env=environment, capture_output=True, text=True, check=True)
    return dict(line.split() for line in told.stdout.splitlines())  # type: ignore[misc]


def test_no_id_changes_when_a_method_is_added(tmp_path: Path) -> None:
    alone, beside = ids(), ids(*install(tmp_path))
    added = set(beside) - set(alone)
    assert "stub_segments" in added
    assert all(name.startswith("stub_") for name in added)
    assert {name: beside[name] for name in alone} == alone
    assert len(alone) >= 4
