"""What was assumed in reading is in a recording's row, for every role."""

from pathlib import Path

from backend.recordings.summary import Summary
from backend.worklist.rows import recording, without_patient
from frontend.pages.desk.panels.record import record_header
from models.records import Entry
from models.records.wfdb_folder import WfdbFolder


def test_an_assumed_gain_is_said_to_everybody(tmp_path: Path) -> None:
    (tmp_path / "a.dat").write_bytes(bytes(2000))
    (tmp_path / "a.hea").write_text("a 1 250 1000 2006\na.dat 16 0 16 0 0 0 0 II\n# 69 M\n")
    (entry,) = WfdbFolder(tmp_path, "x").list()
    assert isinstance(entry, Entry)
    row = without_patient(recording(entry, Summary()))
    assert any("200 per mV was assumed" in note for note in row.notes)
    assert "2006" not in " ".join(row.notes)  # the date is the patient's
    assert "200 per mV was assumed" in str(record_header(row.model_dump(), "II"))
