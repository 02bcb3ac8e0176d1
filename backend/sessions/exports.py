"""A session's readings as files, with everything that says where they come from."""

import csv
import io
import json
import zipfile
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

from backend.accounts.current import User
from backend.sessions.adjudication import consensus, readings
from backend.sessions.service import SessionData, Sessions, entry_out
from backend.sessions.tables import SessionEntry
from backend.times import utc
from models.explaining import versions
from models.records.wfdb_folder import slugify, unused
from models.records.wfdb_writing import Mark, annotation_bytes

COLUMNS = (
    "session", "place", "recording", "recording_sha256", "lead", "sample", "fs", "reference", "output", "margin",
    "reader_id", "reader", "step", "label", "confidence", "comment", "region_start_ms", "region_end_ms",
    "plausibility", "seconds", "made", "at", "client_id", "model", "weights_sha256",
)  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would compute
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def as_json(sessions: Sessions, user: User, id: str) -> bytes:
    """Everything: the session, its beats, every step of everybody, and what holds of each beat."""
    whole = sessions.told(user, id)
    return json.dumps(_document(sessions, whole), indent=1, ensure_ascii=False).encode()


def as_csv(sessions: Sessions, user: User, id: str) -> bytes:
    """One row for each step, in their order; text that a spreadsheet would take for a formula begins with '."""
    whole = sessions.told(user, id)
    names, file = _names(sessions, whole), io.StringIO(newline="")
    writer = csv.DictWriter(file, COLUMNS)
    writer.writeheader()
    for entry in whole.entries:
        writer.writerow({name: _plain(value) for name, value in _row(whole, entry, names).items()})
    return file.getvalue().encode()


def as_wfdb(sessions: Sessions, user: User, id: str) -> bytes:
    """A zip with, for each recording, one annotation file of what holds and one of each reader; and about.json.

    The annotators are `consensus` and `readera`, `readerb`, …; about.json says who they are. A recording's reference
    annotations are never among the names.
    """
    whole = sessions.told(user, id)
    annotators = {reader: f"reader{letters(number)}" for number, reader in enumerate(whole.readers)}
    files: dict[str, str] = {}  # recording → its name in the zip
    marks: dict[tuple[str, str], list[Mark]] = defaultdict(list)
    agreed = consensus(whole)
    for item in whole.items:
        if item.recording not in files:
            taken = set(files.values())
            files[item.recording] = unused(slugify(item.recording.split("~")[-1]).replace(".", "-"), taken)
        for reader, read in readings(whole, item.place).items():
            marks[item.recording, annotators[reader]].append(Mark(item.sample, read.label or "", read.comment))
        if item.place in agreed:
            marks[item.recording, "consensus"].append(Mark(item.sample, agreed[item.place]))
    rates = {item.recording: item.fs for item in whole.items}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for (recording, annotator), found in marks.items():
            archive.writestr(f"{files[recording]}.{annotator}", annotation_bytes(found, rates[recording]))
        about = _document(sessions, whole) | {"annotators": annotators, "files": files}
        archive.writestr("about.json", json.dumps(about, indent=1, ensure_ascii=False))
    return packed.getvalue()


def letters(number: int) -> str:
    """a, b, … z, ba, bb, …: annotators' names have letters only."""
    return (letters(number // 26) if number >= 26 else "") + LETTERS[number % 26]


def _names(sessions: Sessions, whole: SessionData) -> dict[str, str]:
    return sessions.accounts.names({whole.row.maker, *whole.readers, *(entry.user_id for entry in whole.entries)})


def _document(sessions: Sessions, whole: SessionData) -> dict[str, Any]:
    row, names, agreed = whole.row, _names(sessions, whole), consensus(whole)
    steps: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for entry in whole.entries:
        told = entry_out(entry).model_dump(mode="json", exclude={"place"})
        steps[entry.place].append({"reader_id": entry.user_id, "reader": names.get(entry.user_id), **told})
    return {
        "title": row.title,
        "id": row.id,
        "maker_id": row.maker,
        "maker": names.get(row.maker),
        "created": _time(row.created),
        "closed": _time(row.closed),
        "exported": _time(datetime.now(UTC)),
        "blind": row.blind,
        "label_set": row.label_set,
        "labels": json.loads(row.labels),
        "choice": json.loads(row.choice),
        "methods": json.loads(row.methods),
        "model": row.model,
        "weights_sha256": row.weights_sha256,
        "versions": {"session": json.loads(row.versions), "export": versions()},
        "readers": [{"id": reader, "name": names.get(reader)} for reader in whole.readers],
        "items": [
            {
                "place": item.place,
                "recording": item.recording,
                "recording_sha256": item.recording_sha256,
                "lead": item.lead,
                "sample": item.sample,
                "fs": item.fs,
                "reference": item.reference,
                "output": item.output,
                "margin": item.margin,
                "consensus": agreed.get(item.place),
                "entries": steps[item.place],
            }
            for item in whole.items
        ],
    }


def _row(whole: SessionData, entry: SessionEntry, names: dict[str, str]) -> dict[str, object]:
    item = whole.items[entry.place]
    facts = ("recording", "recording_sha256", "lead", "sample", "fs", "reference", "output", "margin")
    own = ("place", "step", "label", "confidence", "comment", "plausibility", "seconds", "client_id")
    return {
        "session": whole.row.id,
        **{name: getattr(item, name) for name in facts},
        **{name: getattr(entry, name) for name in own},
        "reader_id": entry.user_id,
        "reader": names.get(entry.user_id),
        "region_start_ms": entry.region_start,
        "region_end_ms": entry.region_end,
        "made": _time(entry.made),
        "at": _time(entry.at),
        "model": whole.row.model,
        "weights_sha256": whole.row.weights_sha256,
    }


def _time(value: datetime | None) -> str | None:
    return None if value is None else utc(value).isoformat()


def _plain(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
