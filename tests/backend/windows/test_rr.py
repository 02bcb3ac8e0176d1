"""RR as the service tells it: the same everywhere, and none where a beat may be missing."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import wfdb
from fastapi.testclient import TestClient

FS, EVERY = 250, 200
MARKED = np.delete(np.arange(250, 40 * FS, EVERY), [20, 21, 22])


def write(folder: Path, beats: np.ndarray) -> Path:
    """A recording whose marks leave out three beats, and one more at the same sample as another."""
    signal = np.zeros(41 * FS)
    for beat in beats:
        signal[beat - 5 : beat + 6] += np.hanning(11)
    signal[30 * FS : 34 * FS] = np.nan
    marks = np.sort(np.append(MARKED[~((MARKED >= 30 * FS) & (MARKED < 34 * FS))], MARKED[5]))
    folder.mkdir()
    wfdb.wrsamp("rr", FS, ["mV"], ["II"], p_signal=signal[:, None], fmt=["16"], write_dir=str(folder))
    wfdb.wrann("rr", "atr", marks, symbol=["N"] * len(marks), write_dir=str(folder))
    return folder


def test_rr_is_none_where_beats_may_be_missing(serve: Callable[..., TestClient], tmp_path: Path) -> None:
    client = serve(recordings=(write(tmp_path / "marked", np.arange(250, 40 * FS, EVERY)),))
    id = next(row["id"] for row in client.get("/recordings").json()["recordings"] if row["name"] == "rr")
    columns = client.get(f"/recordings/{id}/windows").json()["windows"]
    beats, at = columns["beats"], columns["at"]
    assert set(beats["rr"]) == {None, 800.0}
    assert [note for note in beats["rr_note"] if note] == [
        "two marks at one sample",
        "beats not annotated here",
        "no signal in between",
    ]
    for i, note in enumerate(beats["rr_note"]):
        if note and note != "two marks at one sample":
            window = client.get(f"/recordings/{id}/windows/{at[i]}").json()
            assert (window["beat"]["rr_before"], window["beat"]["rr_note_before"]) == (None, note)
    assert client.get(f"/recordings/{id}/queues").json()["beats"]["rr"] == beats["rr"]
