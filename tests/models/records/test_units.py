"""Units and lead names in every spelling, and what no ECG can be."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from models.errors import BadRecordError
from models.records import Problem, stated
from models.records.lead_names import chosen, is_named_ecg, is_other
from models.records.text import decoded
from models.records.units import millivolts
from models.records.wfdb_folder import WfdbFolder

BEATS = np.zeros(1000)
for at in (100, 300, 500, 700):
    BEATS[at - 10 : at + 11] += np.hanning(21)


@pytest.mark.parametrize(
    ("factor", "spellings"),
    [
        (
            1.0,
            ("mV", "mv", "MV", "Mv", "millivolt", "Millivolts", "mVolt", "(mV)", "[mV]", " mV ", "milli volts", "mV."),
        ),
        (
            1e-3,
            ("uV", "UV", "µV", "μV", "ΜV".replace("Μ", "u"), "microvolts", "mcV", "ÂµV", "Î¼V", "\\xb5V", "\\u00b5V"),
        ),
        (
            1e-3,
            (
                "&micro;V",
                "&#181;V",
                "&#xB5;V",
                "%B5V",
                "%C2%B5V",
                "\\xc2\\xb5V",
                "u_V",
                "µv",
                "[µV]",
                "æV",
                "Microvolt",
            ),
        ),
        (1e3, ("V", "v", "volt", "Volts")),
        (1e-6, ("nV", "NV", "nanovolts")),
    ],
)
def test_a_unit_of_voltage_in_any_spelling(factor: float, spellings: tuple[str, ...]) -> None:
    for spelling in spellings:
        assert millivolts(spelling) == factor, spelling


@pytest.mark.parametrize(
    "unit", ["", "mmHg", "?V", "\ufffdV", "kV", "adu", "NU", "mA", "uVs", "mV/s", "pm", "%", "bpm", "V/m", "m"]
)
def test_what_is_no_unit_of_voltage_is_none(unit: str) -> None:
    assert millivolts(unit) is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16"])
def test_text_of_any_encoding_keeps_its_letters(encoding: str) -> None:
    assert decoded("Müller, µV, ±1 mV".encode(encoding)) == "Müller, µV, ±1 mV"


@pytest.mark.parametrize(
    ("encoding", "unit", "gain"),
    [
        *((encoding, "µV", 0.2) for encoding in ("utf-8", "utf-8-sig", "latin-1", "cp1252")),
        ("utf-8", "μV", 0.2),
        ("cp437", "µV", 0.2),
        ("ascii", "\\xb5V", 0.2),
        ("ascii", "UV", 0.2),
        ("ascii", "MV", 200.0),
        ("ascii", "V", 200_000.0),
        ("ascii", "nV", 0.0002),
        ("utf-16", "µV", 0.2),
    ],
)
def test_a_header_of_any_encoding_and_unit_reads_in_millivolts(
    tmp_path: Path, encoding: str, unit: str, gain: float
) -> None:
    (tmp_path / "a.dat").write_bytes(np.round(BEATS * 200).astype("<i2").tobytes())
    (tmp_path / "a.hea").write_bytes(f"a 1 250 1000\na.dat 16 {gain:f}(0)/{unit} 16 0 0 0 0 II\n".encode(encoding))
    source = WfdbFolder(tmp_path, "x")
    assert not [found for found in source.list() if isinstance(found, Problem)]
    np.testing.assert_allclose(source.open("x~a").signal[0], BEATS, atol=0.003)


@pytest.mark.parametrize(
    "name",
    [
        "I",
        "II",
        "aVR",
        "AVF",
        "-aVR",
        "V1",
        "V6",
        "V3R",
        "MLII",
        "ML2",
        "MV5",
        "CM5",
        "mod.V1",
        "ECG",
        "ECG1",
        "EKG 2",
        "ecg_1",
        "ECG II",
        "Lead I",
        "lead II",
        "ECG1-ECG2",
        "ECG LL-RA",
        "ECGII",
        "D3",
        "x",
        "vz",
        "EKG1",
        "MCL1",
        "CC5",
        "RA-LL",
        "Holter",
    ],
)
def test_a_name_of_an_ecg_lead(name: str) -> None:
    assert is_named_ecg(name)
    assert not is_other(name)


@pytest.mark.parametrize(
    "name",
    [
        "EEG",
        "EEG Fpz-Cz",
        "EEG C3-A2",
        "C3",
        "C4-M1",
        "O2",
        "Fp1",
        "F3-M2",
        "EOG",
        "EOG horizontal",
        "EMG",
        "EMG chin",
        "RESP",
        "Resp oro-nasal",
        "ABP",
        "ART",
        "PLETH",
        "Pleth",
        "SpO2",
        "PPG",
        "CVP",
        "Airflow",
        "Thor",
        "Temp rectal",
        "Event marker",
    ],
)
def test_a_name_of_something_else(name: str) -> None:
    assert is_other(name)
    assert not is_named_ecg(name)


def test_c1_to_c6_are_chest_leads_where_all_six_are_there_and_no_scalp() -> None:
    chest = [f"C{number}" for number in range(1, 7)]
    assert chosen(["R", "L", *chest]) == list(range(8))
    assert chosen([*chest, "F3", "O1", "ECG1"]) == [8]
    assert chosen(["C3", "C4", "ECG1"]) == [2]


def test_other_names_are_kept_where_they_may_be_leads() -> None:
    assert chosen(["noise1", "MLII"]) == [0, 1]
    assert chosen(["noise1", "MLII"], strict=True) == [1]
    assert chosen(["noise1", "noise2"], strict=True) == [0, 1]


def test_signals_of_any_name_beside_a_named_ecg_are_left_out() -> None:
    assert chosen(["ECG", "MLII", "E1-M2", "Snore", "X3"]) == [0, 1]
    assert chosen(["V", "II", "F"]) == [0, 1, 2]


def lead(scale: float) -> np.ndarray:
    return (BEATS * scale)[None].astype(np.float32)


@pytest.mark.parametrize("scale", [0.01, 1.0, 5.0, 15.0])
def test_an_ecg_of_any_height_is_plausible(scale: float) -> None:
    stated.check_plausible(lead(scale), ("II",), 250.0, "a")


@pytest.mark.parametrize("scale", [100.0, 1000.0, 1e6])
def test_a_lead_read_too_large_is_refused_whatever_the_cause(scale: float) -> None:
    with pytest.raises(BadRecordError, match=r"lead II .* no surface ECG is beyond .* check its unit and gain"):
        stated.check_plausible(lead(scale), ("II",), 250.0, "a")


def off_for_a_third(signal: np.ndarray) -> None:
    signal[0, ::1][: signal.shape[1] // 3] = 400.0


def drifting(signal: np.ndarray) -> None:
    signal[0] += np.linspace(0, 300, signal.shape[1])


def offset(signal: np.ndarray) -> None:
    signal[0] -= 350.0


def with_a_gap(signal: np.ndarray) -> None:
    signal[0, : signal.shape[1] // 2] = np.nan


@pytest.mark.parametrize("trouble", [off_for_a_third, drifting, offset, with_a_gap])
def test_what_electrodes_do_is_plausible(trouble: Callable[[np.ndarray], None]) -> None:
    signal = np.tile(lead(1.0), 60)
    trouble(signal)
    stated.check_plausible(signal, ("II",), 250.0, "a")


@pytest.mark.parametrize("fs", [0.0, -250.0, float("nan"), float("inf"), 19.9, 20_001.0, 1e9])
def test_a_rate_that_no_ecg_has_is_refused(fs: float) -> None:
    with pytest.raises(BadRecordError, match=r"sampling frequency .* expected 20 to 20000 Hz"):
        stated.checked_fs(fs, "a")


def test_a_lead_too_small_to_be_one_is_said() -> None:
    assert stated.check_plausible(lead(1.0), ("II",), 250.0, "a") == ()
    (note,) = stated.check_plausible(lead(0.001), ("II",), 250.0, "a")
    assert note.endswith("µV: check its unit and gain.")


def test_a_lead_that_holds_nothing_is_refused() -> None:
    signal = np.vstack([lead(1.0), np.full_like(lead(1.0), np.nan)])
    with pytest.raises(BadRecordError, match="lead V1 has no valid sample, all are marked missing: leave it out"):
        stated.check_plausible(signal, ("II", "V1"), 250.0, "a")
