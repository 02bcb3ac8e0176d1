"""One EDF or EDF+ file: its leads in volts, its annotations, with every fault named. Format: edfplus.info/specs."""

import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from models.errors import BadRecordError
from models.records.record import Annotations
from models.records.stated import MILLIVOLTS, Stated, checked_fs, distinct
from models.vocabularies.mitbih import BEATS

if TYPE_CHECKING:
    from edfio import Edf, EdfSignal

T = TypeVar("T")
ECG = re.compile(r"^\s*(?:ECG|EKG)\b[\s:_-]*", re.IGNORECASE)
SOURCE = "reference (EDF+)"


def describe(path: Path) -> Stated:
    """What the header says; BadRecordError where it cannot be used."""
    edf = _opened(path)
    leads, aside = _chosen(edf, path)
    marks = _guarded(path, lambda: edf.annotations)
    beats = sum(mark.text.strip() in BEATS for mark in marks)
    notes = [f"Left out: {', '.join(aside)}"] if aside else []
    if len(marks) > beats:
        notes.append(f"{len(marks) - beats} of {len(marks)} annotations name no beat of MIT-BIH")
    age, sex = _patient(edf)
    return Stated(
        leads=tuple(distinct([ECG.sub("", signal.label) or signal.label for signal in leads])),
        fs=checked_fs(float(leads[0].sampling_frequency), str(path)),
        samples=edf.num_data_records * leads[0].samples_per_data_record,
        comments=tuple(notes),
        annotated=beats > 0,
        age=age,
        sex=sex,
    )


def read(path: Path) -> tuple[NDArray[np.float32], Annotations | None]:
    """The signal [leads, samples] in mV, and the annotations whose text is a beat's symbol."""
    edf = _opened(path)
    leads, _ = _chosen(edf, path)
    signal = np.stack([_guarded(path, lambda lead=lead: lead.data) * _factor(lead) for lead in leads])  # type: ignore[misc]
    fs = float(leads[0].sampling_frequency)
    marks = [(round(mark.onset * fs), mark.text.strip()) for mark in _guarded(path, lambda: edf.annotations)]
    beats = sorted((at, text) for at, text in marks if text in BEATS and 0 <= at < signal.shape[1])
    if not beats:
        return signal.astype(np.float32), None
    samples = np.array([at for at, _ in beats], dtype=np.int64)
    return signal.astype(np.float32), Annotations(samples, tuple(text for _, text in beats), SOURCE)


def _opened(path: Path) -> "Edf":
    """The file with its header read; its length checked before anything that long is asked of memory."""
    from edfio import read_edf

    with path.open("rb") as file:
        version = file.read(8)
    if version != b"0       ":
        raise BadRecordError(str(path), "is not EDF: an EDF file begins with its version, 0")
    edf = _guarded(path, lambda: read_edf(path, lazy_load_data=True, header_encoding="latin-1"))
    signals = _guarded(path, lambda: edf.num_signals)
    if edf.num_data_records <= 0 or signals == 0:
        raise BadRecordError(str(path), f"has {edf.num_data_records} data records of {signals} signals")
    if not _guarded(path, lambda: edf.is_continuous):
        raise BadRecordError(str(path), "is EDF+D, with interruptions: save it as EDF+C, one file for each stretch")
    return edf


def _chosen(edf: "Edf", path: Path) -> tuple[list["EdfSignal"], list[str]]:
    """The signals in volts, only the ECG where some are named so, all of one fs; and the names of the others."""
    signals = list(edf.signals)
    volts = [signal for signal in signals if _unit(signal) in MILLIVOLTS]
    if not volts:
        units = ", ".join(f"{signal.label}: {signal.physical_dimension or 'none'}" for signal in signals)
        raise BadRecordError(str(path), f"no signal is in volts: units are {units}")
    named = [signal for signal in volts if ECG.match(signal.label)] or volts
    leads = [signal for signal in named if signal.sampling_frequency == named[0].sampling_frequency]
    for lead in leads:
        if lead.physical_min == lead.physical_max or lead.digital_min == lead.digital_max:
            raise BadRecordError(str(path), f"signal {lead.label}: its least and largest value are the same")
    return leads, [f"{signal.label} at {signal.sampling_frequency:g} Hz" for signal in signals if signal not in leads]


def _unit(signal: "EdfSignal") -> str:
    return str(signal.physical_dimension).strip().lower()


def _factor(signal: "EdfSignal") -> float:
    """mV in one unit of the signal."""
    return MILLIVOLTS[_unit(signal)]


def _patient(edf: "Edf") -> tuple[int | None, str | None]:
    """Age at the recording and sex, as far as EDF+ states them; the name is left where it is."""
    sex = _if_stated(lambda: edf.patient.sex)
    born, day = _if_stated(lambda: edf.patient.birthdate), _if_stated(lambda: edf.recording.startdate)
    age = (day.year - born.year - ((day.month, day.day) < (born.month, born.day))) if born and day else None
    return (age if age is not None and 0 <= age < 130 else None), (sex if sex in ("M", "F") else None)


def _if_stated(look: Callable[[], T]) -> T | None:
    """None where a field is anonymous, or holds any text, as plain EDF allows."""
    try:
        return look()
    except ValueError:
        return None


def _guarded(path: Path, look: Callable[[], T]) -> T:
    """The value of `look`; whatever edfio makes of a damaged file becomes a BadRecordError naming `path`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return look()
    except Exception as error:  # it raises almost anything on a file it cannot parse
        raise BadRecordError(str(path), f"cannot be read as EDF ({_words(error)})") from error


def _words(error: Any) -> str:
    return str(error).strip().rstrip(".") or type(error).__name__
