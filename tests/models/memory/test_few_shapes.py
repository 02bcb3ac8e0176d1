"""PyTorch's own memory: code for shapes of input, which would grow with every recording's last batch."""

import ctypes
import os
import subprocess
import sys
from pathlib import Path

import pytest

from models.memory.giving_back import PRIMITIVES, remember_few_shapes

HOUSE = Path(__file__).parents[3]
SHAPES = 80  # more than are kept, twice over
GROWTH = """
import ctypes, sys
import torch
from models.memory import remember_few_shapes
from models.networks import build

NAMES = "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost".split()

class Heap(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in NAMES]

def used():
    info = ctypes.CDLL(None).mallinfo2
    info.restype = Heap
    heap = info()
    return heap.uordblks + heap.hblkhd

torch.set_num_threads(1)
if sys.argv[1] == "few":
    remember_few_shapes()
network = build("lstm", {"classes": 5, "hidden": 6}).eval()
with torch.inference_mode():
    for windows in range(1, 2 * int(sys.argv[2]) + 1):
        network(torch.zeros(windows, 1, 50))
        if windows == int(sys.argv[2]):
            before = used()
print(used() - before)
"""


def growth(how: str) -> int:
    """Bytes in use that as many further shapes add, in a process of its own: oneDNN reads the setting once."""
    env = {name: value for name, value in os.environ.items() if name != PRIMITIVES}
    command = [sys.executable, "-c", GROWTH, how, str(SHAPES)]
    done = subprocess.run(command, cwd=HOUSE, env=env, capture_output=True, text=True, check=True)
    return int(done.stdout)


def test_further_shapes_of_input_take_no_further_memory() -> None:
    if not hasattr(ctypes.CDLL(None), "mallinfo2"):
        pytest.skip("this C library does not tell what is in use")
    every, few = growth("every"), growth("few")
    if every < 2**20:
        pytest.skip("PyTorch keeps nothing for a shape on this processor")
    assert few < every / 4


def test_a_setting_of_the_house_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PRIMITIVES, "7")
    remember_few_shapes()
    assert os.environ[PRIMITIVES] == "7"
