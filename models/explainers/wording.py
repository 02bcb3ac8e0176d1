"""How a method's numbers are put into sentences."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MethodWording:
    """How a method's numbers are put; `{}` stands for them."""

    deleted: str = "the {} of the window that ranks highest"  # the samples with at least half the largest relevance
    weight: str = "of the relevance"  # what is shared out over the regions
    against: str = "{} of it lowers the score"  # what negative relevance says
    nothing: str = "it reaches at most {} {}"  # a value and its unit
