"""What a day comes to: which class a reference rhythm counts as, what is counted, and what is said of it."""

from typing import Any

import pytest

from frontend.pages.day import side, words
from frontend.pages.day.course import Course
from frontend.pages.rhythm import labels
from frontend.pages.worklist.rows import opens
from frontend.ui.views import fitting

CLASSES = [
    {"symbol": "N", "name": "Normal rhythm"},
    {"symbol": "A", "name": "Atrial fibrillation"},
    {"symbol": "O", "name": "Other rhythm"},
]
CARD = {
    "id": "rhythm",
    "vocabulary": "cinc2017",
    "classes": CLASSES,
    "reads": "ecg",
    "input": {"window": {"kind": "span"}},
}
BEATS = {"id": "beats", "reads": "ecg", "input": {"window": {"kind": "beat"}}}
VOCABULARIES = [
    {
        "name": "cinc2017",
        "labels": [{"code": c, "group": g} for c, g in (("N", "sinus"), ("A", "fibrillation"), ("O", "other"))],
    },
    {
        "name": "rhythm",
        "labels": [
            {"code": c, "group": g} for c, g in (("N", "sinus"), ("AFIB", "fibrillation"), ("B", "ventricular"))
        ],
    },
]


def mark(start: float, end: float, label: str, vocabulary: str = "rhythm") -> dict[str, Any]:
    return {"time": start, "end_time": end, "label": label, "name": label, "vocabulary": vocabulary, "source": "atr"}


class Service:
    """What a course asks."""

    def __init__(self, marks: list[dict[str, Any]], seconds: float = 90.0) -> None:
        self._marks, self.seconds = marks, seconds

    def vocabularies(self) -> list[dict[str, Any]]:
        return VOCABULARIES

    def marks(self, _: str) -> dict[str, Any]:
        return {"marks": self._marks}

    def beats(self, *_: str | None) -> dict[str, Any]:
        times = [0.5 + i for i in range(90)]
        premature = {40, 41, 42}
        return {
            "sample": list(range(90)), "time": times, "rr": [None, *[1000.0] * 89],
            "aami": ["V" if i in premature else "N" for i in range(90)],
        }  # fmt: skip

    def models_for(self, _: str) -> list[dict[str, Any]]:
        return [BEATS, CARD]

    def recording(self, _: str) -> dict[str, Any]:
        return {"seconds": self.seconds}


def course(*marks: dict[str, Any], outputs: tuple[str | None, ...] = ("N", "O", "A")) -> Course:
    chances = {"N": [0.9, 0.05, 0.05], "O": [0.3, 0.3, 0.4], "A": [0.0, 1.0, 0.0], None: None}
    margins = {"N": 0.85, "O": 0.1, "A": 1.0, None: None}
    count = {s: outputs.count(s) for s in "NAO"}
    burden = [{"symbol": s, "windows": n, "share": n / 3, "sure": 0.0, "possible": 1.0} for s, n in count.items()]
    day = {
        "seconds": 30.0, "start": [0.0, 30.0, 60.0], "output": list(outputs), "burden": burden,
        "probabilities": [chances[one] for one in outputs], "margin": [margins[one] for one in outputs],
    }  # fmt: skip
    return Course(Service(list(marks)), {"id": "one", "seconds": 90.0}, None, day, CARD)  # type: ignore[arg-type]


def test_a_rhythm_counts_as_the_class_of_its_group_and_else_as_other() -> None:
    api: Any = Service([])
    expected = {"N": "N", "AFIB": "A", "B": "O"}
    for code, symbol in expected.items():
        kind = labels.class_of(api, mark(0, 1, code), CARD)
        assert kind is not None
        assert kind["symbol"] == symbol
    assert labels.class_of(api, mark(0, 1, "unheard of"), CARD) is None


def test_windows_that_differ_and_that_are_unsure_are_worth_a_look() -> None:
    found = course(mark(0, 65, "N"), mark(65, 90, "AFIB"))
    assert [one.differs for one in found.moments] == [False, True, False]
    assert (found.worst, found.unsure) == ([1], [1])
    assert found.longest_run == (60.0, 90.0)
    assert found.referenced == {"AFIB": pytest.approx(25 / 90)}


def test_the_rhythm_of_most_of_a_window_is_what_is_expected_of_it() -> None:
    found = course(mark(0, 50, "N"), mark(50, 90, "AFIB"))
    assert [one.expected and one.expected["symbol"] for one in found.moments] == ["N", "N", "A"]
    assert words.reference(found.moments[1]) == "N 67%, AFIB 33%"


def test_a_difference_is_told_with_the_premature_beats_that_go_with_it() -> None:
    said = words.sentences(course(mark(0, 65, "N"), mark(65, 90, "AFIB")))
    assert said.startswith("1 of 2 windows with reference N have the output Other")
    assert "They hold 3.0 premature beats each, against 0.0" in said


def test_the_table_has_a_line_for_each_rhythm_however_many_there_are() -> None:
    """The commonest first; its lines and columns add up to the windows."""
    found = course(mark(0, 30, "B"), mark(30, 90, "N"))
    rhythms, counts = found.table()
    assert [one["label"] for one in rhythms] == ["N", "B"]
    assert [sum(row[i] for row in counts) for i in range(2)] == [2, 1]
    shown = str(side.table(found))
    assert shown.index("['N', ") < shown.index("['B', ")


def test_windows_without_an_output_are_counted_and_no_difference_is_made_of_them() -> None:
    found = course(mark(0, 90, "N"), outputs=("N", None, "N"))
    assert not any(one.differs for one in found.moments)
    assert "1 window without an output" in words.sentences(found)


def test_the_spread_of_equal_intervals_is_zero() -> None:
    assert course().moments[1].spread == 0.0


def row(**fields: Any) -> dict[str, Any]:
    return {"kind": "ecg", "seconds": 30.0, "leads": ["ECG"], "beat_source": "detector", "synthetic": False} | fields


def test_what_the_model_reads_decides_which_page_opens() -> None:
    assert opens(row(seconds=1800.0), CARD, "rhythm") == {"page": "rhythm", "model": "rhythm"}
    assert opens(row(), BEATS, "rhythm") == {"page": "rhythm", "model": "rhythm"}  # half a minute of one lead
    assert opens(row(seconds=1800.0), BEATS, "rhythm")["page"] == "desk"
    assert opens(row(beat_source="reference (atr)"), BEATS, "rhythm")["page"] == "desk"
    assert opens(row(), BEATS, None)["page"] == "desk"
    assert opens(row(kind="series"), CARD, "rhythm")["page"] == "desk"


def test_a_short_recording_has_no_day() -> None:
    service: Any = Service([], seconds=30.0)
    assert fitting(service, "one") == {"desk": "beats", "rhythm": "rhythm"}
    service.seconds = 1800.0
    assert fitting(service, "one") == {"desk": "beats", "rhythm": "rhythm", "day": "rhythm"}
