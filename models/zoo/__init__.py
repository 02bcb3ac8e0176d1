"""The models there are: a card and its weights, loaded only when they fit each other."""

from models.zoo.model import Headline, Model
from models.zoo.store import clear, folders, load, names

__all__ = ["Headline", "Model", "clear", "folders", "load", "names"]
