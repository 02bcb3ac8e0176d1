"""Examples are a few of each label, and their columns belong to each other."""

import numpy as np

from models.inside.examples import Drawn, Examples, drawn_rows


def drawn(name: str, labels: str, length: int = 10, patient: str = "") -> Drawn:
    count = len(labels)
    return Drawn(
        name, name, "", patient or name, "train" if name == "a" else "test", tuple(range(count)), tuple(labels),
        np.full((count, 1, length), ord(name), np.float32), np.zeros((count, 4), np.float32),
        np.zeros((count, 2), np.float32),
    )  # fmt: skip


def test_at_most_so_many_of_a_label_are_drawn_and_only_what_can_be_read() -> None:
    labels = ["N"] * 50 + ["V"] * 3 + [None]
    valid = np.ones(54, dtype=bool)
    valid[50] = False
    rows = drawn_rows(labels, valid, each=10)
    counted = [labels[row] for row in rows]
    assert (counted.count("N"), counted.count("V"), counted.count(None)) == (10, 2, 1)
    assert {0, 49} <= set(rows.tolist())  # spread from first to last
    assert (np.diff(rows) > 0).all()


def test_columns_say_of_each_window_whose_it_is() -> None:
    found = Examples((drawn("a", "NV"), drawn("b", "Q"), drawn("c", "VV", patient="a")), symbols=("N", "V"))
    assert found.classes == [0, 1, -1, 1, 1]
    assert found.patients == [0, 0, 1, 0, 0]
    assert found.trained == [True, True, False, False, False]
    assert found.recording.tolist() == [0, 0, 1, 2, 2]
    assert [chr(int(one[0, 0])) for one in found.inputs] == ["a", "a", "b", "c", "c"]


def test_windows_of_the_commonest_length_are_used() -> None:
    found = Examples((drawn("a", "NV"), drawn("b", "NNN", length=12)))
    assert (found.length, len(found), [one.name for one in found.used]) == (12, 3, ["b"])


def test_states_that_are_alike_have_no_distance_and_one_patient_has_none() -> None:
    assert Examples((drawn("a", "NV"), drawn("b", "N"))).usual_distance == 0
    assert Examples((drawn("a", "NV"),)).usual_distance is None
