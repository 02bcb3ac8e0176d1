"""Single WFDB recordings out of a folder of thousands, which is not read for them."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from models.errors import InvalidError
from models.records.record import Record
from models.records.source import Entry
from models.records.wfdb_folder import WfdbFolder


def opened(folder: Path, names: Sequence[str]) -> Iterator[Record]:
    """The recordings of these names below a folder; InvalidError for one that is missing."""
    for name in names:
        header = next(iter(sorted(folder.rglob(f"{name}.hea"))), None)
        if header is None:
            raise InvalidError(f"No {name}.hea below {folder}", field="data")
        with tempfile.TemporaryDirectory() as alone:
            for file in header.parent.glob(f"{name}.*"):
                shutil.copy(file, alone)
            source = WfdbFolder(Path(alone))
            entry = next(entry for entry in source.list() if isinstance(entry, Entry))
            yield source.open(entry.id)
