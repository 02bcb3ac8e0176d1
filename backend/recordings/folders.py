"""The folders that `beatlens import PATH` added: one JSON list in the data folder."""

import json
from pathlib import Path

from models.errors import InvalidError

NAME = "folders.json"


def load_folders(data_dir: Path) -> tuple[Path, ...]:
    """The imported folders, in the order in which they were added. Raises InvalidError where the list is unreadable."""
    file = data_dir / NAME
    if not file.exists():
        return ()
    try:
        listed = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InvalidError(f"{file} cannot be read as a list of folders: {error}") from error
    if not isinstance(listed, list) or not all(isinstance(item, str) for item in listed):
        raise InvalidError(f'{file} must be a JSON list of paths, like ["/data/mitdb"]')
    return tuple(Path(item) for item in listed)


def add_folder(data_dir: Path, path: Path) -> Path:
    """Put `path` on the list and give its full path. Raises InvalidError where it is no folder."""
    folder = path.expanduser().resolve()
    if not folder.exists():
        raise InvalidError(f"No folder {str(path)!r}: looked at {folder}", field="path")
    if not folder.is_dir():
        raise InvalidError(f"{str(path)!r} is a file: name the folder that holds the recordings", field="path")
    folders = load_folders(data_dir)
    if folder in folders:
        return folder
    data_dir.mkdir(parents=True, exist_ok=True)
    scratch = data_dir / f"{NAME}.new"
    scratch.write_text(json.dumps([str(item) for item in (*folders, folder)], indent=2) + "\n", encoding="utf-8")
    scratch.replace(data_dir / NAME)  # a reader sees the old list or the new one, never half of one
    return folder
