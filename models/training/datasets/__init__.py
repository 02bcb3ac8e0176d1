"""Data sets to train on, each read into `Examples`."""

from models.training.datasets.examples import Examples

__all__ = ["Examples"]
