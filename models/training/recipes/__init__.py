"""What the project trains itself: each recipe a file of this package; discovered, never listed."""

from models.discovery import discover_values
from models.errors import unknown
from models.training.recipes.base import Recipe

__all__ = ["RECIPES", "Recipe", "recipe"]

RECIPES: dict[str, Recipe] = {item.id: item for item in discover_values(__name__, Recipe, "recipes")}


def recipe(name: str) -> Recipe:
    """The recipe called `name`; NotFoundError names those there are."""
    if name not in RECIPES:
        raise unknown("recipe", name, tuple(RECIPES), field="name")
    return RECIPES[name]
