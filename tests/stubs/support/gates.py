"""Gates: what a running program's method `stub_held` waits at until a test opens them."""

from dataclasses import dataclass
from itertools import count
from pathlib import Path

ALL = 10**9  # windows
_numbers = count(1)


@dataclass(frozen=True)
class Gate:
    """One gate, which no other test has: its maps are in nobody's cache."""

    folder: Path
    number: int

    @classmethod
    def new(cls, folder: Path) -> "Gate":
        """A closed one."""
        return cls(folder, next(_numbers))

    @property
    def method(self) -> str:
        """The method that waits here, as an address names it."""
        return f"stub_held,gate={self.number}"

    @property
    def explainer(self) -> dict[str, str | int]:
        """The method that waits here, as a request names it."""
        return {"method": "stub_held", "gate": self.number}

    @property
    def waiting(self) -> int | None:
        """Process id of the worker that waits here, or did last; None where none has come yet."""
        told = self.folder / f"{self.number}.pid"
        text = told.read_text() if told.exists() else ""
        return int(text) if text else None

    def open(self, windows: int = ALL) -> None:
        """Let so many windows pass, counted from the beginning."""
        new = self.folder / f"{self.number}.new"
        new.write_text(str(windows))
        new.rename(self.folder / str(self.number))
