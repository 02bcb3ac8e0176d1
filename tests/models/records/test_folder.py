"""A folder is read by every kind of file that somebody registers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.errors import NotFoundError
from models.records import Annotations, Entry, FolderSource, Problem, Record
from models.records.folder import Folder, folder_source, kinds
from models.records.wfdb_folder import WfdbFolder


class Texts(FolderSource):
    """Every text file is a recording without beats."""

    def __init__(self, folder: Path, slug: str) -> None:
        self.folder, self.slug = folder, slug

    def list(self) -> Iterator[Entry | Problem]:
        for file in sorted(self.folder.glob("*.txt")):
            yield Entry(
                f"{self.slug}~{file.stem}", file.stem, self.slug, leads=("x",), fs=1.0, samples=1, kind="series"
            )

    def open(self, id: str) -> Record:
        raise NotFoundError(id)

    def annotations(self, id: str) -> Annotations | None:
        return None


def test_wfdb_comes_by_the_same_door_as_others() -> None:
    assert WfdbFolder in kinds()


def test_two_kinds_share_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    found = list(Folder("ward", [WfdbFolder(tmp_path, "ward"), Texts(tmp_path, "ward")]).list())
    assert [entry.kind for entry in found if isinstance(entry, Entry)] == ["series"]


def test_one_id_is_one_recording(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    folder = Folder("ward", [Texts(tmp_path, "ward"), Texts(tmp_path, "ward")])
    entries = list(folder.list())
    assert [type(found) for found in entries] == [Entry, Problem]
    assert folder.annotations("ward~a") is None


def test_what_is_not_listed_is_not_opened(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="ward"):
        folder_source(tmp_path, "ward").open("ward~a")
