"""What a process keeps so as not to make it again: one budget of bytes for all of it. Every floor may use it."""

from memory.budget import BUDGET, DEFAULT, MEGABYTE, Budget, Use
from memory.giving_back import hoard_nothing
from memory.memory import Memory
from memory.single_flight import SingleFlight

__all__ = ["BUDGET", "DEFAULT", "MEGABYTE", "Budget", "Memory", "SingleFlight", "Use", "hoard_nothing"]
