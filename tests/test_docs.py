"""Docs are tests: the generated pages are what the code says today, and every decision has its three parts."""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", ["settings.md", "methods.md", "commands.md"])
def test_generated_page_is_current(generate: ModuleType, page: str) -> None:
    written = (ROOT / "docs" / "reference" / page).read_text(encoding="utf-8")
    assert written == generate.PAGES[page](), f"docs/reference/{page} is old: run `make docs`"


def test_every_decision_has_context_decision_consequences() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert decisions
    for decision in decisions:
        text = decision.read_text(encoding="utf-8")
        for heading in ("## Context", "## Decision", "## Consequences"):
            assert heading in text, f"{decision.name} lacks {heading!r}"


def test_local_links_lead_somewhere() -> None:
    import re

    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    for page in pages:
        for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.relative_to(ROOT)} links to {target}"


def test_the_method_in_the_how_to_works() -> None:
    """On a network that is linear in its input, gradient × input sums to the score less that of the empty input."""
    import re

    import torch

    from models.explainers import Batch
    from models.networks import build

    page = (ROOT / "docs" / "how-to" / "add-a-method.md").read_text(encoding="utf-8")
    code = re.search(r"```python\n(.*?)```", page, re.DOTALL)
    assert code is not None
    names: dict[str, Any] = {"__name__": "models.explainers.example"}
    exec(code[1], names)
    torch.manual_seed(0)
    network = build("lstm", {"leads": 1, "classes": 2, "hidden": 4})
    signals, targets = 1e-3 * torch.randn(3, 1, 20), torch.tensor([0, 1, 0])  # so small that the LSTM is all but linear
    relevance = names["GradientInput"]().attribute(network, Batch(signals, targets))
    with torch.no_grad():
        change = (network(signals) - network(torch.zeros_like(signals))).gather(1, targets[:, None])[:, 0]
    assert relevance.values.sum(axis=(1, 2)) == pytest.approx(change.numpy(), abs=1e-6)
