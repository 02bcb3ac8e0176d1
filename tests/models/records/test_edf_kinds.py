"""EDF and EDF+: units, labels, rates, interruptions, notes and numbers as programs write them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import listed
import numpy as np
import pytest
from numpy.typing import NDArray

from models.errors import BadRecordError
from models.records import Entry, Problem, Record, stated
from models.records.one_file import EDF, OneFileFolder

BEATS = np.zeros(1000)
for at in (100, 300, 500, 700):
    BEATS[at - 10 : at + 11] += np.hanning(21)


@dataclass
class Signal:
    """One signal of a file to be written."""

    label: str | bytes = "ECG II"
    unit: str | bytes = "mV"
    values: NDArray[np.float64] = field(default_factory=lambda: BEATS)  # physical
    per_record: int = 250
    low: str = "-5"
    high: str = "5"
    least: str = "-32768"
    most: str = "32767"

    def digital(self) -> NDArray[np.int16]:
        low, high = float(self.low.replace(",", ".")), float(self.high.replace(",", "."))
        return np.round((self.values - low) / (high - low) * 65535 - 32768).astype("<i2")


def notes(*lists: bytes, samples: int = 30) -> tuple[bytes, ...]:
    """The annotation signal of each data record."""
    return tuple(text.ljust(2 * samples, b"\0") for text in lists)


def text(value: str | bytes, width: int) -> bytes:
    return (value if isinstance(value, bytes) else value.encode()).ljust(width)[:width]


def written(
    path: Path,
    *signals: Signal,
    records: str = "4",
    duration: str = "1",
    kind: str = "",
    annotations: Sequence[bytes] = (),
    patient: str = "X X X X",
    start: str = "Startdate 01-JAN-2020 X X X",
    extra: bytes = b"",
) -> Path:
    """An EDF file, byte by byte, so that it may be wrong."""
    labels = [signal.label for signal in signals] + ["EDF Annotations"] * bool(annotations)
    ranges = [(s.unit, s.low, s.high, s.least, s.most) for s in signals] + [("", "-1", "1", "-32768", "32767")]
    counts = [signal.per_record for signal in signals] + [len(part) // 2 for part in annotations[:1]]
    size = len(labels)
    head = b"0       " + text(patient, 80) + text(start, 80) + b"01.01.2000.00.00"
    head += text(str(256 * (size + 1)), 8) + text(kind, 44) + text(records, 8) + text(duration, 8) + text(str(size), 4)
    head += b"".join(text(label, 16) for label in labels) + b" " * 80 * size
    for column, width in enumerate((8, 8, 8, 8, 8)):
        head += b"".join(text(ranges[index][column], width) for index in range(size))
    head += b" " * 80 * size + b"".join(text(str(count), 8) for count in counts) + b" " * 32 * size
    data = [signal.digital() for signal in signals]
    for record in range(len(signals[0].values) // max(1, signals[0].per_record) if signals else 0):
        for signal, values in zip(signals, data, strict=True):
            head += values[record * signal.per_record : (record + 1) * signal.per_record].tobytes()
        head += annotations[record] if annotations else b""
    path.write_bytes(head + extra)
    return path


def opened(path: Path) -> Record:
    return listed.opened(OneFileFolder(path.parent, "x", {".edf": EDF}))


def refusal(path: Path) -> str:
    source = OneFileFolder(path.parent, "x", {".edf": EDF})
    (found,) = source.list()
    if isinstance(found, Problem):
        return found.reason
    with pytest.raises(BadRecordError) as caught:
        source.open(found.id)
    return caught.value.reason


def is_plain(lead: NDArray[np.float32]) -> bool:
    return bool(np.allclose(lead, BEATS, atol=1e-3))


@pytest.mark.parametrize(
    ("unit", "scale"),
    [
        ("mV", 1),
        ("MV", 1),
        ("uV", 1e3),
        ("UV", 1e3),
        ("µV", 1e3),
        ("μV", 1e3),
        (b"\xb5V", 1e3),
        (b"\xe6V", 1e3),
        ("nV", 1e6),
        ("V", 1e-3),
        ("volts", 1e-3),
        ("[uV]", 1e3),
        ("\\xb5V", 1e3),
        (" mV", 1),
        (b"mV\0\0", 1),
    ],
)
def test_a_unit_in_any_encoding(tmp_path: Path, unit: str | bytes, scale: float) -> None:
    signal = Signal(unit=unit, values=BEATS * scale, low=f"{-5 * scale:g}", high=f"{5 * scale:g}")
    assert is_plain(opened(written(tmp_path / "a.edf", signal)).signal[0])


@pytest.mark.parametrize(
    "label",
    ["ECG1", "ECG2", "EKG1", "EKG 2", "ECG", "ECG II", "ECG1-ECG2", "ecg", "EKG", "II", "ECG LL-RA", "ECG V1", "MLII"],
)
@pytest.mark.parametrize("other", ["C3", "EEG Fpz-Cz", "O2-A1", "EOG", "EMG Chin", "Pleth", "Light", "E1-M2"])
def test_an_ecg_by_any_label_beside_something_else(tmp_path: Path, label: str, other: str) -> None:
    noise = Signal(other, "uV", values=np.cos(np.arange(1000)) * 50, low="-100", high="100")
    record = opened(written(tmp_path / "a.edf", noise, Signal(label)))
    assert len(record.leads) == 1
    assert is_plain(record.signal[0])
    assert record.notes == (f"Left out: {other} at 250 Hz.",)


def test_an_eeg_alone_is_no_ecg(tmp_path: Path) -> None:
    assert "no signal is an ECG by its label: EEG C3" in refusal(written(tmp_path / "a.edf", Signal("EEG C3")))


def test_a_signal_at_another_rate_is_left_out(tmp_path: Path) -> None:
    slow = Signal("ECG slow", values=BEATS[::2], per_record=125)
    record = opened(
        written(
            tmp_path / "a.edf", Signal("ECG1"), slow, Signal("ECG2"), Signal("EEG C3", values=BEATS[::5], per_record=50)
        )
    )
    assert (record.leads, record.fs) == (("ECG1", "ECG2"), 250.0)
    assert all(is_plain(lead) for lead in record.signal)
    assert record.notes == ("Left out: ECG slow at 125 Hz, EEG C3 at 50 Hz.",)


@pytest.mark.parametrize(
    ("duration", "per_record", "fs"),
    [("0.5", 125, 250.0), ("2", 500, 250.0), ("0.04", 10, 250.0), ("1.001", 250, 250 / 1.001)],
)
def test_a_duration_of_any_length(tmp_path: Path, duration: str, per_record: int, fs: float) -> None:
    path = written(
        tmp_path / "a.edf", Signal(per_record=per_record), duration=duration, records=str(1000 // per_record)
    )
    record = opened(path)
    assert record.fs == pytest.approx(fs)
    assert is_plain(record.signal[0])


@pytest.mark.parametrize(
    ("low", "high"),
    [("-163,84", "163,84"), ("low", "high"), ("", "5"), ("nan", "5"), ("-inf", "inf"), ("0x1", "5"), ("-5", "-5")],
)
def test_a_range_that_is_no_number_is_named(tmp_path: Path, low: str, high: str) -> None:
    path = written(tmp_path / "a.edf", Signal())
    data = bytearray(path.read_bytes())
    data[256 + 16 + 80 + 8 : 256 + 16 + 80 + 16] = text(low, 8)
    data[256 + 16 + 80 + 16 : 256 + 16 + 80 + 24] = text(high, 8)
    path.write_bytes(data)
    reason = refusal(path)
    assert "physical" in reason or "no signal is in volts" in reason
    assert low in reason or low == high


def test_a_range_upside_down_turns_the_signal(tmp_path: Path) -> None:
    assert is_plain(-opened(written(tmp_path / "a.edf", Signal(values=-BEATS, low="5", high="-5"))).signal[0])


def test_digital_values_the_wrong_way_round_are_refused(tmp_path: Path) -> None:
    assert "has no range" in refusal(written(tmp_path / "a.edf", Signal(least="32767", most="-32768")))


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        ({"duration": "0"}, "duration of a data record 0 s"),
        ({"duration": "-1"}, "duration of a data record -1 s"),
        ({"duration": "1,0"}, "duration of a data record '1,0': expected a number with a decimal point"),
        ({"duration": "0.00001"}, "sampling frequency 2.5e+07 Hz: expected 20 to 20000 Hz"),
        ({"duration": "1000"}, "sampling frequency 0.25 Hz"),
        ({"records": "0"}, "number of data records 0"),
        ({"records": "many"}, "number of data records 'many'"),
        ({"records": "1.5"}, "number of data records '1.5': expected a whole number"),
    ],
)
def test_a_field_that_cannot_be_used_is_named_with_its_value(
    tmp_path: Path, field: dict[str, str], reason: str
) -> None:
    assert reason in refusal(written(tmp_path / "a.edf", Signal(), **field))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("records", "kept", "note"),
    [
        ("-1", 1000, "states no number of data records: the 4 whole ones of the file were read"),
        ("6", 1000, "4 of 6 data records are whole, 2 s are missing"),
        ("99999999", 1000, "4 of 99999999 data records are whole"),
        ("3", 750, "500 bytes after the last data record of 3, left out, 1 whole data records among them"),
    ],
)
def test_an_interrupted_holter_is_read_as_far_as_it_is_whole(
    tmp_path: Path, records: str, kept: int, note: str
) -> None:
    record = opened(written(tmp_path / "a.edf", Signal(), records=records))
    np.testing.assert_allclose(record.signal[0], BEATS[:kept], atol=1e-3)
    assert note in record.notes[0]


def test_half_a_data_record_is_left_out(tmp_path: Path) -> None:
    path = written(tmp_path / "a.edf", Signal())
    path.write_bytes(path.read_bytes()[:-101])
    assert opened(path).samples == 750


STEADY = notes(b"+0\x14\x14\0", b"+1\x14\x14\0", b"+2\x14\x14\0", b"+3\x14\x14\0")


@pytest.mark.parametrize("kind", ["EDF+D", "EDF+C"])
@pytest.mark.parametrize("first", [0.0, 0.5, 3600.25])
def test_records_that_follow_each_other_are_one_stretch(tmp_path: Path, kind: str, first: float) -> None:
    lists = notes(*(f"+{first + i:g}\x14\x14\0".encode() for i in range(4)))
    record = opened(written(tmp_path / "a.edf", Signal(), kind=kind, annotations=lists))
    assert is_plain(record.signal[0])
    assert record.notes == ()


@pytest.mark.parametrize(
    ("times", "starts"),
    [
        ((0, 1, 10, 11), (0, 250, 2500, 2750)),
        ((0, 1.5, 2.5, 100), (0, 375, 625, 25000)),
        ((5, 6, 7, 8.004), (0, 250, 500, 750)),
    ],
)
def test_interruptions_are_gaps_of_their_length(
    tmp_path: Path, times: tuple[float, ...], starts: tuple[int, ...]
) -> None:
    lists = notes(*(f"+{time:g}\x14\x14\0".encode() for time in times))
    record = opened(written(tmp_path / "a.edf", Signal(), kind="EDF+D", annotations=lists))
    for index, start in enumerate(starts):
        np.testing.assert_allclose(
            record.signal[0, start : start + 250], BEATS[index * 250 : (index + 1) * 250], atol=1e-3
        )
    assert np.isnan(record.signal).sum() == record.samples - 1000


def test_what_is_written_beside_the_signal_is_kept_as_notes(tmp_path: Path) -> None:
    lists = notes(
        b"+0\x14\x14\0+0.4\x14N\x14\0+0.8\x150.2\x14Movement\x14\0",
        b"+1\x14\x14\0+1.5\x14Lights off\x14V\x14\0",
        b"+2\x14\x14\0+3.9\x159\x14Apnoea\x14\0",
        b"+3\x14\x14\0",
    )
    record = opened(written(tmp_path / "a.edf", Signal(), kind="EDF+C", annotations=lists))
    found = [(mark.start, mark.end, mark.label, mark.vocabulary, mark.text) for mark in record.marks]
    assert found == [
        (200, 250, "note", "note", "Movement"),
        (375, None, "note", "note", "Lights off"),
        (975, 1000, "note", "note", "Apnoea"),  # it lasts to the recording's end
    ]
    assert record.annotations is not None
    assert record.annotations.symbols == ("N", "V")
    assert not any("left out" in note for note in record.notes)


def test_beats_lie_in_their_own_data_record(tmp_path: Path) -> None:
    lists = notes(
        b"+5\x14\x14\0+5.4\x14N\x14\0",
        b"+6\x14\x14\0",
        b"+20\x14\x14\0+20.4\x14V\x14\0+99\x14N\x14\0+4\x14N\x14\0",
        b"+21\x14\x14\0",
    )
    record = opened(written(tmp_path / "a.edf", Signal(), kind="EDF+D", annotations=lists))
    assert record.annotations is not None
    assert record.annotations.samples.tolist() == [100, 3850]
    assert record.annotations.symbols == ("N", "V")
    assert "Annotations before the start or past the end, left out: 2." in record.notes


@pytest.mark.parametrize(
    ("lists", "reason"),
    [
        ((), "no annotation signal states the times"),
        (notes(b"+0\x14\x14\0", b"", b"+2\x14\x14\0", b"+3\x14\x14\0"), "data record 2 states no time"),
        (
            notes(b"+0\x14\x14\0", b"+5\x14\x14\0", b"+2\x14\x14\0", b"+3\x14\x14\0"),
            "data record 3 begins before record 2 ends",
        ),
        (notes(b"+0\x14\x14\0", b"+99999999999\x14\x14\0", b"+2\x14\x14\0", b"+3\x14\x14\0"), "begins before"),
        (notes(b"+0\x14\x14\0", b"+1\x14\x14\0", b"+2\x14\x14\0", b"+99999999999\x14\x14\0"), "long with its gaps"),
    ],
)
def test_interruptions_without_usable_times_are_refused(tmp_path: Path, lists: tuple[bytes, ...], reason: str) -> None:
    assert reason in refusal(written(tmp_path / "a.edf", Signal(), kind="EDF+D", annotations=lists))


@pytest.mark.parametrize(
    "note", [b"Unruhe m\xe4\xdfig", b"\xff\xfe\xfd", "Müller".encode(), b"", b"\x01\x02", b"N" * 20]
)
def test_no_note_costs_a_recording(tmp_path: Path, note: bytes) -> None:
    lists = notes(
        b"+0\x14\x14\0+0.4\x14N\x14\0", b"+1\x14\x14\0+1.2\x14" + note + b"\x14\0", b"+2\x14\x14\0", b"garbage"
    )
    record = opened(written(tmp_path / "a.edf", Signal(), kind="EDF+C", annotations=lists))
    assert is_plain(record.signal[0])
    assert record.annotations is not None
    assert record.annotations.samples.tolist() == [100]
    assert "Annotations that cannot be read, left out: 1." in record.notes


def test_a_dummy_signal_is_left_out(tmp_path: Path) -> None:
    for label, zero in (("-", "0"), ("V1", "0"), ("V1", "0.0"), ("V1", "-0")):
        record = opened(written(tmp_path / "a.edf", Signal("II"), Signal(label, "uV", least="0", most=zero)))
        assert record.leads == ("II",)
        assert record.notes == (f"Left out: {label} at 250 Hz.",)


@pytest.mark.parametrize(
    ("patient", "start", "age", "sex"),
    [
        ("X F 02-AUG-1951 X", "Startdate 02-MAR-2002 X X X", 50, "F"),
        ("X M 02-aug-1951 X", "Startdate 02-AUG-2002 X X X", 51, "M"),
        ("X X X X", "Startdate X X X X", None, None),
        ("", "", None, None),
        ("X F 31-FEB-1951 X", "Startdate 02-MAR-2002 X X X", None, "F"),
        ("X F 02-AUG-2051 X", "Startdate 02-MAR-2002 X X X", None, "F"),
        ("Müller W 02.08.1951", "02.03.2002", None, None),
    ],
)
def test_dates_that_are_none_cost_nothing(
    tmp_path: Path, patient: str, start: str, age: int | None, sex: str | None
) -> None:
    path = written(tmp_path / "a.edf", Signal(), kind="EDF+C", annotations=STEADY, patient=patient, start=start)
    (entry,) = OneFileFolder(tmp_path, "x", {".edf": EDF}).list()
    assert isinstance(entry, Entry)
    assert (entry.age, entry.sex) == (age, sex)
    assert is_plain(opened(path).signal[0])


def test_a_lead_read_too_large_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.edf", Signal(values=BEATS * 1000, low="-5000", high="5000"))
    assert "lead II mostly reaches" in refusal(path)


def test_a_long_file_is_read_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.records.edf_reading.PIECE", 300)
    assert is_plain(opened(written(tmp_path / "a.edf", Signal())).signal[0])


def test_gaps_are_bounded_by_what_a_file_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lists = notes(b"+0\x14\x14\0", b"+1\x14\x14\0", b"+2\x14\x14\0", b"+60\x14\x14\0")
    path = written(tmp_path / "a.edf", Signal(), kind="EDF+D", annotations=lists)
    assert opened(path).samples == 61 * 250
    monkeypatch.setattr(stated, "MOST_GAP", 1000)
    assert "long with its gaps" in refusal(path)


def test_a_stage_of_sleep_is_no_beat(tmp_path: Path) -> None:
    lists = notes(
        b"+0\x14\x14\0+0\x1530\x14R\x14\0+0.4\x150.1\x14V\x14\0", b"+1\x14\x14\0+1\x1520\x14A\x14\0", *[b""] * 2
    )
    record = opened(written(tmp_path / "a.edf", Signal(), kind="EDF+C", annotations=lists))
    assert record.annotations is not None
    assert (record.annotations.samples.tolist(), record.annotations.symbols) == ([100], ("V",))
    assert [(mark.start, mark.text) for mark in record.marks] == [(0, "R"), (250, "A")]


def test_annotations_count_where_the_header_forgets_to_say_edf_plus(tmp_path: Path) -> None:
    lists = notes(b"+0\x14\x14\0+0.4\x14N\x14\0", b"+1\x14\x14\0", b"+2\x14\x14\0", b"+3\x14\x14\0")
    record = opened(written(tmp_path / "a.edf", Signal(), annotations=lists))
    assert record.annotations is not None
    assert record.annotations.samples.tolist() == [100]
    assert record.notes == ()
