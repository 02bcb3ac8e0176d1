"""Links in a folder of recordings: never followed out of it, and never passed over in silence."""

from pathlib import Path

import numpy as np

from models.records import Entry, Problem
from models.records.folder import folder_source
from models.records.one_file import CSV, OneFileFolder
from models.records.source import Source
from models.records.uploads import Upload
from models.records.wfdb_folder import WfdbFolder
from models.records.wfdb_writing import Mark, annotation_bytes

DATA = np.arange(1000, dtype="<i2").tobytes()


def put(folder: Path, name: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.dat").write_bytes(DATA)
    (folder / f"{name}.hea").write_text(f"{name} 1 250 1000\n{name}.dat 16 1000/mV 16 0 0 0 0 II\n")


def found(source: Source) -> tuple[list[str], list[str]]:
    """Names of the recordings, and the reasons of the problems."""
    listed = list(source.list())
    names = [one.name for one in listed if isinstance(one, Entry)]
    return names, [one.reason for one in listed if isinstance(one, Problem)]


def test_links_out_of_a_folder_or_to_nothing_are_said_in_one_sentence(tmp_path: Path) -> None:
    put(tmp_path / "out" / "deep", "a")
    put(tmp_path / "in" / "own", "b")
    (tmp_path / "in" / "deep").symlink_to(tmp_path / "out" / "deep")
    (tmp_path / "in" / "c.hea").symlink_to(tmp_path / "out" / "deep" / "a.hea")
    (tmp_path / "in" / "gone.hea").symlink_to(tmp_path / "none.hea")
    (tmp_path / "in" / "notes.txt").symlink_to(tmp_path / "out" / "deep" / "a.dat")  # nobody would have read it
    (tmp_path / "in" / "twice").symlink_to(tmp_path / "in" / "own")  # its files are seen where they lie
    for source in (WfdbFolder(tmp_path / "in", "x"), folder_source(tmp_path / "in", "x"), Upload(tmp_path / "in", "x")):
        names, reasons = found(source)
        assert names == ["b"]
        assert len(reasons) == (1 if not isinstance(source, Upload) else 2)  # of .hea and folders; of folders
        assert "not followed: 3 (c.hea, deep, gone.hea)" in reasons[0]


def test_a_table_that_is_a_link_is_said(tmp_path: Path) -> None:
    (tmp_path / "out.csv").write_text("# fs: 250\n# unit: mV\n0.5\n0.6\n")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.csv").symlink_to(tmp_path / "out.csv")
    names, reasons = found(OneFileFolder(tmp_path / "in", "x", {".csv": CSV}))
    assert names == []
    assert "(a.csv)" in reasons[0]


def test_a_folder_without_links_has_no_problem(tmp_path: Path) -> None:
    put(tmp_path, "a")
    assert found(WfdbFolder(tmp_path, "x")) == (["a"], [])


def test_marks_behind_a_link_are_not_read_and_that_is_said(tmp_path: Path) -> None:
    put(tmp_path / "in", "a")
    (tmp_path / "a.atr").write_bytes(annotation_bytes([Mark(100, "N"), Mark(300, "V")], 250))
    (tmp_path / "in" / "a.atr").symlink_to(tmp_path / "a.atr")
    source = WfdbFolder(tmp_path / "in", "x")
    (entry,) = source.list()
    assert isinstance(entry, Entry)
    assert not entry.annotated
    assert entry.notes == ("a.atr is a link that leads out of its folder: its marks were not read.",)
    assert source.open(entry.id).annotations is None
    (tmp_path / "in" / "a.atr").unlink()
    (tmp_path / "in" / "a.atr").write_bytes((tmp_path / "a.atr").read_bytes())
    read = source.open(entry.id)
    assert read.annotations is not None
    assert read.annotations.samples.tolist() == [100, 300]
    assert read.notes == ()


def test_a_signal_behind_a_link_is_refused_by_name(tmp_path: Path) -> None:
    put(tmp_path / "out", "a")
    put(tmp_path / "in", "a")
    (tmp_path / "in" / "a.dat").unlink()
    (tmp_path / "in" / "a.dat").symlink_to(tmp_path / "out" / "a.dat")
    _, reasons = found(WfdbFolder(tmp_path / "in", "x"))
    assert reasons == [
        "line 2: the signal file a.dat is a link that leads out of its folder: put the file itself there"
    ]
