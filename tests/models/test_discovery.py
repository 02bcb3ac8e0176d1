"""Plug-ins: what an installed package names as an entry point is there beside the built-ins."""

import logging
from pathlib import Path

import pytest

from models.discovery import named
from models.networks import architectures
from models.placing import placings
from models.vocabularies import vocabularies
from models.zoo.loaders import loaders

PLUG_IN = """
import torch
from models.networks.base import Network, NetworkConfig
from models.placing.base import Placing
from models.vocabularies.base import Label, Vocabulary
from models.zoo.loaders.base import Loader

class Constant(Network):
    architecture = "{name}-constant"
    Config = NetworkConfig

class Nowhere(Placing):
    kind = "{name}-nowhere"

class Text(Loader):
    file = "{name}.txt"

SLEEP = Vocabulary("{name}-sleep", "Sleep stages", (Label("W", "Awake", "Awake", "wake", "N"),))
"""


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A package on the path with entry points, as pip leaves it; one of them is broken."""
    name = "plugged_in_here"
    (tmp_path / f"{name}.py").write_text(PLUG_IN.format(name=name))
    about = tmp_path / f"{name}-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    groups = {
        "networks": (f"a = {name}:Constant", "broken = not_there_at_all"),
        "placing": (f"a = {name}",),
        "vocabularies": (f"a = {name}",),
        "loaders": (f"a = {name}:Text",),
    }
    lines = [f"[beatlens.{group}]\n" + "\n".join(entries) + "\n" for group, entries in groups.items()]
    (about / "entry_points.txt").write_text("\n".join(lines))
    monkeypatch.syspath_prepend(str(tmp_path))
    return name


def test_an_entry_point_is_found_beside_the_built_ins(installed: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        assert {"lstm", f"{installed}-constant"} <= set(architectures.__wrapped__())
    assert "the plug-in broken (not_there_at_all) is left out: ModuleNotFoundError" in caplog.text
    assert {"beat", "span", "whole", f"{installed}-nowhere"} <= set(placings.__wrapped__())
    assert {"mitbih", f"{installed}-sleep"} <= set(vocabularies.__wrapped__())
    assert {"weights.safetensors", f"{installed}.txt"} <= set(loaders.__wrapped__())


def test_without_it_only_the_built_ins_are_there() -> None:
    assert set(placings.__wrapped__()) == {"beat", "span", "whole"}


def test_two_plug_ins_of_one_name_are_a_fault() -> None:
    found: dict[str, object] = {}
    named(found, "a", int)
    named(found, "a", int)
    with pytest.raises(TypeError, match="Two plug-ins are called 'a'"):
        named(found, "a", str)
