"""A session's readings as files, with everything that says where they come from."""

import csv
import io
import json
import zipfile
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

from backend.current_user import User
from backend.sessions.adjudication import consensus, readings
from backend.sessions.service import Sessions, entry_out
from backend.sessions.session_data import SessionData
from backend.sessions.tables import SessionEntry
from backend.times import utc
from models.explanations.explaining import versions
from models.records.wfdb_folder import slugify, unused
from models.records.wfdb_writing import Mark, annotation_bytes

COLUMNS = (
    "session", "position", "recording", "recording_sha256", "lead", "sample", "start", "end", "fs", "reference",
    "output", "margin", "reader_id", "reader", "step", "label", "confidence", "comment", "region_start_ms",
    "region_end_ms", "plausibility", "seconds", "made", "at", "client_id", "model", "weights_sha256",
)  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would compute
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def as_json(sessions: Sessions, user: User, id: str) -> bytes:
    """Everything: the session, its beats, every step of everybody, and what holds of each beat."""
    data = sessions.results(user, id)
    return json.dumps(_document(sessions, data), indent=1, ensure_ascii=False).encode()


def as_csv(sessions: Sessions, user: User, id: str) -> bytes:
    """One row for each step, in their order; text that a spreadsheet would take for a formula begins with '."""
    data = sessions.results(user, id)
    names, file = _names(sessions, data), io.StringIO(newline="")
    writer = csv.DictWriter(file, COLUMNS)
    writer.writeheader()
    for entry in data.entries:
        writer.writerow({name: _plain(value) for name, value in _row(data, entry, names).items()})
    return file.getvalue().encode()


def as_wfdb(sessions: Sessions, user: User, id: str) -> bytes:
    """A zip with, for each recording, one annotation file of what holds and one of each reader; and about.json.

    The annotators are `consensus` and `readera`, `readerb`, …; about.json says who they are. A recording's reference
    annotations are never among the names.
    """
    data = sessions.results(user, id)
    annotators = {reader: f"reader{letters(number)}" for number, reader in enumerate(data.readers)}
    files: dict[str, str] = {}  # recording → its name in the zip
    marks: dict[tuple[str, str], list[Mark]] = defaultdict(list)
    agreed = consensus(data)
    for item in data.items:
        if item.recording not in files:
            taken = set(files.values())
            files[item.recording] = unused(slugify(item.recording.split("~")[-1]).replace(".", "-"), taken)
        for reader, read in readings(data, item.position).items():
            marks[item.recording, annotators[reader]].append(Mark(item.at, read.label or "", read.comment))
        if item.position in agreed:
            marks[item.recording, "consensus"].append(Mark(item.at, agreed[item.position]))
    rates = {item.recording: item.fs for item in data.items}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for (recording, annotator), found in marks.items():
            archive.writestr(f"{files[recording]}.{annotator}", annotation_bytes(found, rates[recording]))
        about = _document(sessions, data) | {"annotators": annotators, "files": files}
        archive.writestr("about.json", json.dumps(about, indent=1, ensure_ascii=False))
    return packed.getvalue()


def letters(number: int) -> str:
    """a, b, … z, ba, bb, …: annotators' names have letters only."""
    return (letters(number // 26) if number >= 26 else "") + LETTERS[number % 26]


def _names(sessions: Sessions, data: SessionData) -> dict[str, str]:
    return sessions.accounts.names({data.row.maker, *data.readers, *(entry.user_id for entry in data.entries)})


def _document(sessions: Sessions, data: SessionData) -> dict[str, Any]:
    row, names, agreed = data.row, _names(sessions, data), consensus(data)
    steps: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for entry in data.entries:
        fields = entry_out(entry).model_dump(mode="json", exclude={"position"})
        steps[entry.position].append({"reader_id": entry.user_id, "reader": names.get(entry.user_id), **fields})
    return {
        "title": row.title,
        "id": row.id,
        "maker_id": row.maker,
        "maker": names.get(row.maker),
        "created": _time(row.created),
        "closed": _time(row.closed),
        "exported": _time(datetime.now(UTC)),
        "blind": row.blind,
        "label_set": row.vocabulary,
        "labels": json.loads(row.labels),
        "choice": row.chosen,
        "methods": json.loads(row.methods),
        "model": row.model,
        "weights_sha256": row.weights_sha256,
        "versions": {"session": json.loads(row.versions), "export": versions()},
        "readers": [{"id": reader, "name": names.get(reader)} for reader in data.readers],
        "items": [
            {
                "position": item.position,
                "recording": item.recording,
                "recording_sha256": item.recording_sha256,
                "lead": item.lead,
                "at": item.at,
                "start": item.start,
                "end": item.end,
                "fs": item.fs,
                "reference": item.reference,
                "output": item.output,
                "margin": item.margin,
                "consensus": agreed.get(item.position),
                "entries": steps[item.position],
            }
            for item in data.items
        ],
    }


def _row(data: SessionData, entry: SessionEntry, names: dict[str, str]) -> dict[str, object]:
    item = data.items[entry.position]
    facts = ("recording", "recording_sha256", "lead", "start", "end", "fs", "reference", "output", "margin")
    own = ("position", "step", "label", "confidence", "comment", "plausibility", "seconds", "client_id")
    return {
        "session": data.row.id,
        **{name: getattr(item, name) for name in facts},
        **{name: getattr(entry, name) for name in own},
        "sample": item.at,  # here `at` is when the entry arrived
        "reader_id": entry.user_id,
        "reader": names.get(entry.user_id),
        "region_start_ms": entry.region_start,
        "region_end_ms": entry.region_end,
        "made": _time(entry.made),
        "at": _time(entry.at),
        "model": data.row.model,
        "weights_sha256": data.row.weights_sha256,
    }


def _time(value: datetime | None) -> str | None:
    return None if value is None else utc(value).isoformat()


def _plain(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
