"""Stays of the PhysioNet/CinC Challenge 2012: one text file each, a line for each measurement."""

import csv
from functools import lru_cache
from itertools import islice
from pathlib import Path

from models.errors import BadRecordError
from models.records.source import FolderSource
from models.records.stay_variables import BY_NAME, VARIABLES
from models.records.stays import Heading, Measurement, Stay, StayFiles, nearest
from models.records.text import decoded

HEAD = "Time,Parameter,Value"
GENERAL = ("RecordID", "Age", "Gender", "Height", "ICUType", "Weight")  # at 00:00; −1: not recorded
UNITS = {
    1: "Coronary care unit",
    2: "Cardiac surgery unit",
    3: "Medical unit",
    4: "Surgical unit",
}
ELSEWHERE = {"GCS, eyes", "GCS, motor", "GCS, verbal", "Capillary refill, slow"}  # variables of other sets
CREDIT = "PhysioNet/Computing in Cardiology Challenge 2012 (Silva et al. 2012), PhysioNet, ODC-By 1.0"


class Physionet2012(StayFiles, FolderSource):
    """Every `RECORDID.txt` below a folder that begins with `Time,Parameter,Value`; outcomes from `Outcomes-*.txt`."""

    suffix = ".txt"
    variables = tuple(variable for variable in VARIABLES if variable.name not in ELSEWHERE)

    def is_stay(self, file: Path) -> bool:
        """By its first line."""
        with file.open("rb") as stream:
            return stream.readline(64).decode("latin-1").strip() == HEAD

    def heading(self, file: Path) -> Heading:
        """By the descriptors of its first minute."""
        with file.open(encoding="latin-1") as stream:
            said = _general(list(islice(stream, 1, 1 + len(GENERAL))))
        age, sex = said.get("Age", -1), said.get("Gender", -1)
        return Heading(
            file.stem, _comments(said), int(age) if age >= 0 else None, {0.0: "F", 1.0: "M"}.get(sex), CREDIT
        )

    def stay(self, file: Path) -> Stay:
        """Its measurements, and the outcome of the nearest table that has one."""
        lines = decoded(file.read_bytes()).splitlines()
        said = _general(lines[1 : 1 + len(GENERAL)])
        found = [one for number, line in enumerate(lines[1:], 2) if (one := _measurement(file, number, line))]
        died, table = _outcome(file, self.folder)
        return Stay(file.stem, tuple(found), died, table, f"physionet2012:{file.stem}", _comments(said), credit=CREDIT)


def _measurement(file: Path, number: int, line: str) -> Measurement | None:
    """One line; None where it is no measurement: the record's number, what was not recorded, a line without a name."""
    cells = line.split(",")
    try:
        time, name, value = cells[0].split(":"), cells[1], float(cells[2])
        minute = 60 * int(time[0]) + int(time[1])
    except (ValueError, IndexError) as error:
        raise BadRecordError(str(file), f"line {number}: {line!r} is not Time,Parameter,Value") from error
    if name == "ICUType" and value in UNITS:
        return Measurement(minute, UNITS[int(value)], 1.0)
    if name in ("", "RecordID", "ICUType") or (value == -1 and minute == 0 and name in GENERAL):
        return None
    return Measurement(minute, name, value)


def _general(lines: list[str]) -> dict[str, float]:
    """Descriptor → value; what cannot be read is not there."""
    found = {}
    for cells in csv.reader(lines):
        try:
            found[cells[1]] = float(cells[2])
        except (ValueError, IndexError):
            continue
    return {name: value for name, value in found.items() if name in GENERAL}


def _comments(said: dict[str, float]) -> tuple[str, ...]:
    """Who, and where: "54 years, F", "Surgical unit"."""
    age, sex = said.get("Age", -1), {0.0: "F", 1.0: "M"}.get(said.get("Gender", -1))
    who = ", ".join([*([f"{age:g} years"] if age >= 0 else []), *([sex] if sex else [])])
    return tuple(text for text in (who, UNITS.get(int(said.get("ICUType", -1)), "")) if text)


def _outcome(file: Path, root: Path) -> tuple[bool | None, str]:
    """Whether the patient died in hospital, and the table that says so."""
    held: list[tuple[bool, str]] = []

    def find(folder: Path) -> Path | None:
        for table in sorted(folder.glob("Outcomes*.txt")):
            died = _outcomes(table, table.stat().st_mtime_ns).get(file.stem)
            if died is not None:
                held.append((died, table.name))
                return table
        return None

    return held[0] if nearest(file, root, find) else (None, "")


@lru_cache(maxsize=8)
def _outcomes(table: Path, changed: int) -> dict[str, bool]:
    """Record → died in hospital. `changed`: when the table was, so that another version is read anew."""
    with table.open(newline="") as stream:
        return {
            row["RecordID"]: row["In-hospital_death"].strip() == "1"
            for row in csv.DictReader(stream)
            if row.get("RecordID") and row.get("In-hospital_death") is not None
        }


assert all(name in BY_NAME for name in UNITS.values())
