"""Stays in the layout of the MIMIC-III benchmark (Harutyunyan et al. 2019): `episodeN_timeseries.csv`."""

import csv
import re
from functools import lru_cache
from pathlib import Path

from models.errors import BadRecordError
from models.records.source import FolderSource
from models.records.stay_variables import BY_NAME, VARIABLES
from models.records.stays import Heading, Measurement, Stay, StayFiles, nearest
from models.records.text import decoded

NAME = re.compile(r"(?:(?P<subject>\d+)_)?episode(?P<number>\d+)_timeseries\.csv")
TIME = "Hours"
LISTS = "listfile.csv"
WORDS = {  # of the Glasgow coma scale, as two systems of charts spell them → points
    "Glascow coma scale eye opening": {"NONE": 1, "TO PAIN": 2, "TO SPEECH": 3, "SPONTANEOUSLY": 4},
    "Glascow coma scale motor response": {
        "NO RESPONSE": 1,
        "ABNORMAL EXTENSION": 2,
        "ABNORMAL FLEXION": 3,
        "FLEX-WITHDRAWS": 4,
        "LOCALIZES PAIN": 5,
        "OBEYS COMMANDS": 6,
    },
    "Glascow coma scale verbal response": {
        "NO RESPONSE": 1,
        "NO RESPONSE-ETT": 1,
        "INCOMPREHENSIBLE SOUNDS": 2,
        "INAPPROPRIATE WORDS": 3,
        "CONFUSED": 4,
        "ORIENTED": 5,
    },
}
SEX = {"1": 0.0, "2": 1.0}  # of the benchmark: 1 F, 2 M → male
OLDEST = BY_NAME["Age"].possible
CREDIT = "MIMIC-III, demo 1.4 (Johnson et al. 2016), PhysioNet, ODbL 1.0, in the layout of mimic3-benchmarks"


class Mimic3Episodes(StayFiles, FolderSource):
    """Every `episodeN_timeseries.csv` below a folder; its outcome from `listfile.csv`, its age from `episodeN.csv`."""

    suffix = ".csv"
    variables = VARIABLES

    def is_stay(self, file: Path) -> bool:
        """By its name."""
        return NAME.fullmatch(file.name) is not None

    def heading(self, file: Path) -> Heading:
        """By its name, and the table of the stay where there is one."""
        about = _about(file, self.folder)
        return Heading(_title(file), _comments(about), _age(about), {0.0: "F", 1.0: "M"}.get(_male(about)), CREDIT)

    def stay(self, file: Path) -> Stay:
        """Its measurements and its outcome."""
        rows = list(csv.reader(decoded(file.read_bytes()).splitlines()))
        if not rows or rows[0][0] != TIME:
            raise BadRecordError(str(file), f"does not begin with a column {TIME!r}")
        about = _about(file, self.folder)
        own = [Measurement(0, "Age", _age(about) or float("nan"))] if _age(about) else []
        own += [Measurement(0, "Gender", _male(about))] if _male(about) in (0.0, 1.0) else []
        found = [one for number, row in enumerate(rows[1:], 2) for one in _row(file, number, rows[0], row)]
        died, table = _outcome(file, self.folder)
        patient = f"mimic3-demo:{_subject(file)}"
        notes = _notes(about)
        return Stay(_title(file), tuple(own + found), died, table, patient, _comments(about), notes, credit=CREDIT)


def _notes(about: dict[str, str]) -> tuple[str, ...]:
    if not about:
        return ("Neither age nor sex: no episode table lies beside it",)
    if about.get("Age") and _age(about) is None:
        return (f"Age left out: {float(about['Age']):.0f} years cannot be (a year of birth without its century?)",)
    return ()


def _row(file: Path, number: int, names: list[str], row: list[str]) -> list[Measurement]:
    """The measurements of one row; a word that is not known is no number."""
    if not row:
        return []
    try:
        minute = 60 * float(row[0])
    except ValueError as error:
        raise BadRecordError(str(file), f"line {number}: {row[0]!r} is not a number of hours") from error
    return [
        Measurement(minute, name, _number(name, cell)) for name, cell in zip(names[1:], row[1:], strict=False) if cell
    ]


def _number(name: str, cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        pass
    leading = re.match(r"(\d+)(?:\.0)?\s", cell)  # "4 Spontaneously", "1.0 ET/Trach"
    if leading:
        return float(leading[1])
    return float(WORDS.get(name, {}).get(cell.strip().upper(), "nan"))


def _subject(file: Path) -> str:
    match = NAME.fullmatch(file.name)
    return (match and match["subject"]) or file.parent.name


def _number_of(file: Path) -> str:
    match = NAME.fullmatch(file.name)
    return match["number"] if match else ""


def _title(file: Path) -> str:
    return f"{_subject(file)} episode {_number_of(file)}"


def _about(file: Path, root: Path) -> dict[str, str]:
    """The row of `episodeN.csv`, beside the file or below `root/` of the benchmark; empty where there is none."""
    name = f"episode{_number_of(file)}.csv"

    def find(folder: Path) -> Path | None:
        candidates = [folder / name] if folder == file.parent and folder.name == _subject(file) else []
        candidates += sorted((folder / "root").glob(f"*/{_subject(file)}/{name}"))
        return next((one for one in candidates if one.is_file()), None)

    table = nearest(file, root, find)
    return _table(table, table.stat().st_mtime_ns) if table else {}


@lru_cache(maxsize=512)
def _table(table: Path, changed: int) -> dict[str, str]:
    with table.open(newline="") as stream:
        return dict(next(csv.DictReader(stream), {}))


def _age(about: dict[str, str]) -> int | None:
    """Years, where they can be: tables made with two-digit years of birth are off by centuries."""
    try:
        age = float(about["Age"])
    except (KeyError, ValueError):
        return None
    return int(age) if OLDEST[0] <= age <= OLDEST[1] else None


def _male(about: dict[str, str]) -> float:
    return SEX.get(about.get("Gender", ""), float("nan"))


def _comments(about: dict[str, str]) -> tuple[str, ...]:
    age, sex = _age(about), {0.0: "F", 1.0: "M"}.get(_male(about))
    who = ", ".join([*([f"{age} years"] if age is not None else []), *([sex] if sex else [])])
    return (who,) if who else ()


def _outcome(file: Path, root: Path) -> tuple[bool | None, str]:
    """Whether the patient died in hospital, by the list beside the file."""
    table = file.parent / LISTS
    if not table.is_file():
        return None, ""
    died = _listed(table, table.stat().st_mtime_ns).get(file.name)
    return died, LISTS if died is not None else ""


@lru_cache(maxsize=8)
def _listed(table: Path, changed: int) -> dict[str, bool]:
    with table.open(newline="") as stream:
        return {row["stay"]: row["y_true"].strip() == "1" for row in csv.DictReader(stream) if "y_true" in row}
