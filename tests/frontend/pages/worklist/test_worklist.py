"""The worklist's rows and side, and the panel of the reader."""

from typing import Any

import pytest

from frontend import format
from frontend.api import Api
from frontend.pages.desk.panels import reading
from frontend.pages.worklist import column, table
from frontend.pages.worklist import page as worklist
from frontend.pages.worklist import rows as worklist_rows
from frontend.pages.worklist import side as worklist_side
from frontend.pages.worklist.columns import classes, columns
from frontend.view import View


@pytest.fixture
def answer(api: Api) -> dict[str, Any]:
    return api.recordings()


def test_a_row_tells_reference_model_and_progress(answer: dict[str, Any]) -> None:
    rows = [worklist_rows.row(entry, columns()) for entry in answer["recordings"]]
    assert [row["name"] for row in rows] == ["1", "made", "bare"]
    reference, said = rows[0]["classes"]
    assert [symbol for symbol, _ in reference] == ["N", "V", "F"]
    assert said == [("N", 60), ("V", 8), ("/", 7)]
    assert rows[0]["disagree"] == [7, 71, None]
    assert rows[0]["progress"] == [2, 7, None]
    assert rows[2]["classes"][0] is None  # no reference: the model's counts stand alone
    assert [row["seen"] for row in rows] == ["test", "train", "test"]


def test_what_is_still_being_counted_is_none(answer: dict[str, Any]) -> None:
    waiting = answer["recordings"][0] | {"spark": None, "counts": None, "beats": None, "output": None}
    row = worklist_rows.row(waiting, columns())
    assert row["classes"] == [None, None]
    assert row["disagree"] == [None, None, None]


def test_it_is_asked_again_until_everything_is_there_or_never_will_be(answer: dict[str, Any]) -> None:
    assert worklist_rows.complete(answer)
    assert not worklist_rows.complete(answer | {"counting": {"done": 2, "total": 3, "remaining_seconds": 4.0}})
    first = answer["recordings"][0] | {"spark": None}
    assert not worklist_rows.complete(answer | {"recordings": [first]})
    broken = first | {"output": first["output"] | {"trouble": "cut short"}}
    assert worklist_rows.complete(answer | {"recordings": [broken]})


def test_symbols_are_grouped_and_a_models_own_classes_come_last() -> None:
    assert classes.grouped({"J": 2, "a": 1, "N": 5, "AF": 3}) == [("N", 5), ("A", 3), ("AF", 3)]
    assert classes.grouped(None) is None


def test_the_side_tells_progress_and_broken_files(api: Api, answer: dict[str, Any]) -> None:
    text = str(worklist_side.side(api, answer))
    assert "broken.hea" in text
    assert "6 of 21" in text
    assert "Model output counted in all 3 recordings." in str(worklist_side.jobs(api, answer))
    running = answer | {"counting": {"done": 1, "total": 3, "remaining_seconds": 130.0}}
    assert "about 2 min left" in str(worklist_side.jobs(api, running))


@pytest.mark.parametrize(("seconds", "words"), [(3.0, "under 10 s"), (38.0, "40 s"), (94.0, "90 s"), (380.0, "6 min")])
def test_a_time_to_come_is_told_roughly(seconds: float, words: str) -> None:
    assert format.about(seconds) == words


def test_the_model_of_the_address_is_chosen_where_there_is_one(api: Api) -> None:
    choices, chosen = worklist.choices(api, "?model=mitbih-lstm")
    assert [choice["value"] for choice in choices] == ["mitbih-lstm"]
    assert chosen == "mitbih-lstm"
    assert worklist.choices(api, "?model=nowhere")[1] == "mitbih-lstm"


def test_a_reader_can_agree_with_what_the_model_says(api: Api) -> None:
    sample = int(api.beats("test~1", None)["sample"][3])
    part = reading.update(api, View("test~1", sample))
    assert part.data == {"at": sample, "output": "/"}
    text = str(reading.layout())
    assert all(f"data-label='{label}'" in text for label in ("N", "/", "artefact", "cannot say"))


def test_a_column_is_one_object(answer: dict[str, Any]) -> None:
    made = column.Column("gap", "Gaps", 95, 60, value=lambda entry: len(entry["name"]), words=lambda entry: ["gappy"])
    known = [*columns(), made]
    row = worklist_rows.row(answer["recordings"][0], known)
    assert (row["gap"], row["sort"]["gap"], row["csv"]["gap_0"]) == (1, 1, 1)
    assert row["words"].endswith("gappy")
    shown = table.table(known).columnDefs
    assert [one["field"] for one in shown if one.get("headerName") == "Gaps"] == ["gap", "csv.gap_0"]


def test_the_file_has_a_column_for_each_number_of_a_cell(answer: dict[str, Any]) -> None:
    listed = [header for one in columns() for header, _ in one.exported]
    assert listed == [
        "Record", "Patient", "Leads", "Length", "Beats by reference class", "Beats by model class",
        "Compared", "Disagree", "Uncertain", "Model and patient", "Read", "To read",
    ]  # fmt: skip
    row = worklist_rows.row(answer["recordings"][0], columns())
    assert row["csv"]["classes_1"] == "N 60 V 8 / 7"
    assert (row["csv"]["disagree_0"], row["csv"]["disagree_1"]) == (71, 7)


def test_columns_are_ordered_by_what_their_cells_mean(answer: dict[str, Any]) -> None:
    row = worklist_rows.row(answer["recordings"][0], columns())
    assert row["sort"]["length"] == answer["recordings"][0]["seconds"]
    assert row["sort"]["disagree"] == 7
    assert row["sort"]["progress"] == pytest.approx(2 / 7)
    waiting = answer["recordings"][0] | {"output": None}
    assert worklist_rows.row(waiting, columns())["sort"]["progress"] is None


def entries(*sources: str) -> list[dict[str, Any]]:
    """One recording of each source, and a synthesised one of the demo set."""
    real = [{"source": source, "synthetic": False} for source in sources]
    return [*real, {"source": "demo", "synthetic": True}]


def test_a_newcomer_starts_with_what_is_real_in_the_demo_set() -> None:
    listed = entries("demo")
    assert [worklist_rows.rank(entry, listed) for entry in listed] == [0, 2]


def test_who_has_recordings_starts_with_them_and_what_no_patient_made_comes_last() -> None:
    listed = entries("demo", "ward")
    assert [worklist_rows.rank(entry, listed) for entry in listed] == [1, 1, 2]


def test_a_class_is_named_in_the_menu_as_on_the_desk() -> None:
    assert "V PVC" in str(worklist.tools())
    assert "Ventricular premature" not in str(worklist.tools())
