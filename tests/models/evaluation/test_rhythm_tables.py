"""The tables beside paper 002: its numbers agree among themselves, and what is here stands beside them."""

from pathlib import Path

import pytest

import models
from models.evaluation.paper_002 import CLASSES, CONFUSIONS, TABLES
from models.evaluation.rhythm_tables import beside_paper, rhythm_tables
from models.training.rhythm_recipes import RECIPES
from models.zoo import store

CARD = Path(models.__file__).parent / "candidates" / "cinc-conv7" / "card.json"
COUNTS = {"A": 758, "N": 5076, "O": 2415, "~": 279}  # of CinC 2017's labels, version 3


@pytest.mark.parametrize(("table", "network", "recipe", "printed"), CONFUSIONS)
def test_printed_counts_give_the_printed_f1(
    table: str, network: str, recipe: str, printed: tuple[tuple[int, ...], ...]
) -> None:
    row = next(one for _, rows in TABLES.values() for one in rows if one.network == network)
    assert row.recipe == recipe, table
    f1 = [float(part.split(" ±")[0]) for part in row.f1.split(", ")]
    for i, name in enumerate(CLASSES):
        truth, said = sum(line[i] for line in printed), sum(printed[i])
        assert truth == COUNTS[name]
        assert 2 * printed[i][i] / (truth + said) == pytest.approx(f1[i], abs=0.011)  # the mean over folds is printed
    assert sum(f1[:3]) / 3 == pytest.approx(f1[4], abs=0.011)


def test_every_recipe_of_the_paper_stands_in_its_tables() -> None:
    named = {one.recipe for _, rows in TABLES.values() for one in rows if one.recipe}
    assert named == {name for name, one in RECIPES.items() if one.published is not None}
    for _, rows in TABLES.values():
        for one in rows:
            if one.recipe:
                printed = float(one.f1.split(", ")[-1].split(" ±")[0])
                assert printed == RECIPES[one.recipe].published


def test_a_card_stands_beside_what_is_printed_and_says_of_how_many_folds() -> None:
    card = store.read_card(CARD)
    text = "\n".join(beside_paper({card.id: card}))
    line = next(line for line in text.splitlines() if line.startswith("| 7 layer CNN+GMP |"))
    folds = len(card.evaluation["folds"])
    assert f"| {folds} of 8 |" in line
    assert f"{card.evaluation['f1_over_folds']['score']['mean']:.2f}" in line
    assert "| not trained |" in text
    assert rhythm_tables([card]).count("#### Table") == 8
