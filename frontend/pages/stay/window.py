"""What a page of a stay shows, gathered from the service."""

from dataclasses import dataclass
from functools import cached_property

from frontend import explanations, methods, tracks
from frontend.address import Method, parse_method
from frontend.api import JSON
from frontend.figures.stay.rows import Rows, Variable
from frontend.figures.stay.sizes import hour
from frontend.figures.stay.variables import full_of, variables, weight
from frontend.shown_window import ShownWindow

FIRST = "relevance_propagation"  # of the methods, where the address names none: paper 003's
MOST = 17  # variables that fit on a screen
ALL = "all"  # in the address's `open`: no variable is left out


@dataclass(frozen=True)
class StayWindow(ShownWindow):
    """The first 48 hours of one stay and what is known of them."""

    @cached_property
    def card(self) -> JSON:
        """The model's whole card."""
        return self.api.model(self.answer["model"], self.view.record)

    @property
    def probability(self) -> float:
        """Of the one outcome that the model is about."""
        return float(self.answer["prediction"]["probabilities"][0])

    @property
    def threshold(self) -> float:
        """From which on the outcome is what the model answers."""
        return float((self.card["output"].get("thresholds") or [0.5])[0])

    @cached_property
    def method(self) -> Method | None:
        """The map: the address's where it can be drawn, else relevance propagation, else the first that is at once."""
        able = [entry["method"] for entry in self.offered]
        asked = parse_method(self.view.a) if self.view.a else None
        if asked and asked.name in able:
            return asked
        return Method(FIRST if FIRST in able else able[0]) if able else None

    @cached_property
    def offered(self) -> list[JSON]:
        """The methods that give a map of this model, those that are there at once first."""
        found = [one for one in methods.of_view(self.api, self.view) if methods.shows_relevance(one)]
        return sorted((one for one in found if not one.get("not_offered")), key=lambda one: one["cost"] != "instant")

    @cached_property
    def over_time(self) -> list[float]:
        """The probability from what was known by each hour; empty where the model gives none, or it is on its way."""
        found = explanations.result(self.api, self.over_time_job)
        track = tracks.over_time(found) if found else None
        return [float(value) for value in track.along("class", "time")[0]] if track else []

    @cached_property
    def variables(self) -> list[Variable]:
        """What the model reads, in its order."""
        return variables(self.answer, self.explanation) if self.answer["window"] is not None else []

    @cached_property
    def shown(self) -> list[Variable]:
        """Those in the picture: all, or the most relevant that fit on a screen, in the model's order."""
        if ALL in self.view.open:
            return self.variables
        by_share = sorted(self.variables, key=weight, reverse=True)[:MOST]
        return [one for one in self.variables if one in by_share]

    @property
    def rows(self) -> Rows:
        """The picture's rows."""
        signed = bool(self.explanation is None or self.explanation["signed"])
        return Rows(self.shown, full_of(self.variables), signed, self.view.theme, hour(self.view.width))

    @cached_property
    def whole(self) -> float:
        """All that raises the score."""
        return sum(one.raises for one in self.variables)

    @property
    def by_hour(self) -> tuple[list[float], list[float]]:
        """What raises and what lowers the score in each hour, of all variables."""
        columns = list(zip(*(one.relevance for one in self.variables if one.relevance), strict=True))
        raises = [sum(value for value in column if value > 0) for column in columns]
        return raises, [-sum(value for value in column if value < 0) for column in columns]

    @property
    def carried(self) -> float:
        """The share of what raises the score that lies in hours without a measurement of that variable."""
        still = sum(
            value
            for one in self.variables
            for value, there in zip(one.relevance, one.measured, strict=False)
            if value > 0 and not there
        )
        return still / self.whole if self.whole else 0.0
