"""What windows and their classes are called: beats in MIT-BIH's words, others in their model's and its vocabulary's."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from frontend import format, vocabulary
from frontend.api import JSON
from frontend.wording import classes

NOUNS = {"beat": "beat"}  # by the kind of window


@dataclass(frozen=True)
class Naming:
    """The words for one model's windows."""

    noun: str = "beat"
    vocabulary: str = "mitbih"
    names: Mapping[str, str] = field(default_factory=dict)  # code → name

    @property
    def beats(self) -> bool:
        """Whether windows lie around beats, so that RR is known."""
        return self.noun == "beat"

    def short(self, code: str) -> str:
        """The short name of a class."""
        return classes.short(code, dict(self.names))

    def colour(self, code: str) -> str:
        """A class's CSS variable."""
        return f"--c{vocabulary.label(code, self.names.get(code)).group.key}"

    def many(self, count: int) -> str:
        """`2,953 beats`, `1 window`."""
        return format.plural(count, self.noun)


def naming(kind: str | None, known: str | None, entries: list[JSON]) -> Naming:
    """The words for windows of a kind and a vocabulary, read by a model of these classes [{symbol, name}]."""
    words = known or "mitbih"
    own = {entry["symbol"]: entry["name"] for entry in entries}
    return Naming(NOUNS.get(kind or "beat", "window"), words, {**vocabulary.names(words), **own})
