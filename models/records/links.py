"""The files below a folder, and the links in it that are not followed: those that lead out of it, or nowhere."""

from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path

from models.records.source import Problem

NAMED = 5  # links named in a sentence


@dataclass(frozen=True)
class Search:
    """What a folder holds."""

    folder: Path
    files: tuple[Path, ...]  # in order
    links: tuple[Path, ...]  # not followed

    def problems(self) -> tuple[Problem, ...]:
        """The sentence that links were not followed, for all of them."""
        if not self.links:
            return ()
        names = ", ".join(str(link.relative_to(self.folder)) for link in self.links[:NAMED])
        more = ", …" if len(self.links) > NAMED else ""
        reason = (
            f"links that lead out of the folder or nowhere, not followed: {len(self.links)} ({names}{more}): "
            "copy what they lead to into the folder, or import the folder that it lies in"
        )
        return (Problem(str(self.folder), reason),)


def search(folder: Path, suffixes: Container[str]) -> Search:
    """The files below `folder`, a resolved path, with one of the suffixes, in small letters."""
    files: list[Path] = []
    links: list[Path] = []
    for path in folder.rglob("*"):
        wanted = path.suffix.lower() in suffixes
        if not (wanted or path.is_symlink()):
            continue
        if not path.resolve().is_relative_to(folder) or not path.exists():
            links += [path] if wanted or path.is_dir() else []
        elif wanted and path.is_file():
            files.append(path)
    return Search(folder, tuple(sorted(files)), tuple(sorted(links)))
