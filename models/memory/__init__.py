"""What a process keeps so as not to make it again: one budget of bytes for all of it. Knows nothing else.

`mapped` holds arrays that are too large to be held in memory.
"""

from models.memory.budget import BUDGET, DEFAULT, MEGABYTE, Budget, Use
from models.memory.giving_back import hoard_nothing, remember_few_shapes
from models.memory.memory import Memory
from models.memory.single_flight import SingleFlight

__all__ = [
    "BUDGET",
    "DEFAULT",
    "MEGABYTE",
    "Budget",
    "Memory",
    "SingleFlight",
    "Use",
    "hoard_nothing",
    "remember_few_shapes",
]
