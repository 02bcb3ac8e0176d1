"""Files that a header names, found beside it: never outside its folder, whatever capitals a copy was given."""

from functools import lru_cache
from pathlib import Path

from models.errors import BadRecordError


def leads_outside(name: str) -> bool:
    """Whether `name` could be of a file outside the folder: a header may only name files beside or below it."""
    return name.startswith("/") or "\\" in name or ":" in name or "\0" in name or ".." in name.split("/")


def beside(header: Path, name: str, what: str = "signal file", where: str = "") -> Path:
    """The file that `header` names; BadRecordError where it is not there, naming what may be meant."""
    if leads_outside(name):
        raise BadRecordError(str(header), f"{where}names a file outside its folder: {name!r}")
    link = False
    for candidate in dict.fromkeys((name, name.rsplit("/", 1)[-1])):  # headers of moved records name their old folder
        found = find(header.parent / candidate)
        if found is not None and _is_below(header.parent, found, candidate):
            return found
        link |= found is not None
    if link:
        reason = f"{where}the {what} {name} is a link that leads out of its folder: put the file itself there"
        raise BadRecordError(str(header), reason)
    likely = _likely(header.parent, name)
    hint = f"; {likely} lies beside it: name that, or rename it" if likely else ""
    raise BadRecordError(str(header), f"{where}the {what} {name} is missing{hint}")


def own(header: Path, name: str) -> Path | None:
    """The file of that name beside `header`, where it is there and no link leads it out of the folder."""
    found = find(header.with_name(name))
    return found if found is not None and _is_below(header.parent, found, name) else None


def _is_below(folder: Path, found: Path, name: str) -> bool:
    """Whether no link leads out of the folder; a plain file in it needs no asking."""
    return ("/" not in name and not found.is_symlink()) or found.resolve().is_relative_to(folder.resolve())


def find(path: Path) -> Path | None:
    """The file `path`, or the only one beside it whose name differs in capitals alone."""
    if path.is_file():
        return path
    found = _by_small_name(path.parent, _changed(path.parent)).get(path.name.lower(), ())
    return found[0] if len(found) == 1 and found[0].is_file() else None


def _likely(folder: Path, name: str) -> str | None:
    """A file of the same name but for its suffix."""
    base = name.rsplit("/", 1)[-1].lower()
    names = [path.name for paths in _by_small_name(folder, _changed(folder)).values() for path in paths]
    data = [
        other for other in sorted(names) if not other.lower().endswith((".hea", ".atr", ".ecg", ".qrs", ".xml", ".txt"))
    ]
    stem = base.rsplit(".", 1)[0]
    same = [other for other in data if other.lower() != base and other.lower().rsplit(".", 1)[0] in (base, stem)]
    return same[0] if same else None


def _changed(folder: Path) -> int:
    return folder.stat().st_mtime_ns if folder.is_dir() else 0


@lru_cache(maxsize=64)
def _by_small_name(folder: Path, changed: int) -> dict[str, tuple[Path, ...]]:
    """Names in small letters → files. `changed`: when the folder was, so that a new file is seen."""
    result: dict[str, tuple[Path, ...]] = {}
    for path in folder.iterdir() if folder.is_dir() else ():
        result[path.name.lower()] = (*result.get(path.name.lower(), ()), path)
    return result
