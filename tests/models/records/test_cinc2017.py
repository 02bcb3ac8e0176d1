"""Every recording of CinC 2017 opens, with its label as a mark of the whole; headers of both releases."""

import csv
import shutil
import tarfile
from pathlib import Path

import numpy as np
import pytest

from models.records import Entry
from models.records.wfdb_folder import WfdbFolder

EVERY = 97  # of so many recordings one is opened; all of their headers are read
COUNT = 8528
DATES = {"first": "2014-05-08 05:05:15", "later": "05:05:15 1/05/2000"}


@pytest.fixture(scope="module")
def cinc(open_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the labels beside training2017/, unpacked where only the archive is there."""
    folder, archive = open_data / "cinc2017", open_data / "cinc2017.tar.xz"
    if (folder / "training2017").is_dir():
        return folder
    if not archive.is_file():
        pytest.skip(f"CinC 2017 is not in {open_data}")
    place = tmp_path_factory.mktemp("cinc")
    with tarfile.open(archive) as whole:
        whole.extractall(place, filter="data")
    return place / "cinc2017"


@pytest.mark.data
def test_every_record_is_a_recording_with_its_label(cinc: Path) -> None:
    with (cinc / "REFERENCE-v3.csv").open(newline="") as stream:
        labels = dict(row[:2] for row in csv.reader(stream) if row)
    folder = WfdbFolder(cinc)
    found = list(folder.list())
    assert [one for one in found if not isinstance(one, Entry)] == []
    entries = [one for one in found if isinstance(one, Entry)]
    assert {one.name for one in entries} == set(labels)
    assert len(entries) == COUNT
    assert {one.fs for one in entries} == {300.0}
    for entry in entries[::EVERY]:
        record = folder.open(entry.id)
        assert record.samples == entry.samples
        assert np.isfinite(record.signal[0]).any()
        (mark,) = record.marks
        assert (mark.start, mark.end, mark.vocabulary) == (0, record.samples, "cinc2017")
        assert mark.label == labels[record.name]


@pytest.mark.data
@pytest.mark.parametrize("release", DATES)
def test_headers_of_both_releases_open(cinc: Path, tmp_path: Path, release: str) -> None:
    """The first release has a date where others have a time; both give the same signal."""
    for suffix in ("hea", "mat"):
        shutil.copy(cinc / "training2017" / f"A00001.{suffix}", tmp_path)
    header = tmp_path / "A00001.hea"
    first, *rest = header.read_text().splitlines()
    header.write_text("\n".join([" ".join([*first.split()[:4], DATES[release]]), *rest]) + "\n")
    (tmp_path / "REFERENCE.csv").write_text("A00001,N\n")
    folder = WfdbFolder(tmp_path)
    (entry,) = folder.list()
    assert isinstance(entry, Entry), entry
    record = folder.open(entry.id)
    assert (record.fs, record.samples, len(record.leads)) == (300.0, 9000, 1)
    assert [mark.label for mark in record.marks] == ["N"]
    assert np.ptp(record.signal[0]) > 0.1  # mV
