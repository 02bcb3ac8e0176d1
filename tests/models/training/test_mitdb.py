"""MIT-BIH in AAMI classes: leads by name, beats in their classes, patients apart."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from models.errors import UnsupportedError
from models.records import Annotations, Record
from models.records.source import Problem
from models.records.wfdb_folder import WfdbFolder
from models.signals.preparing import prepare
from models.signals.windows import around
from models.training.beats.recipe import BeatRecipe
from models.training.beats.results import windows
from models.training.datasets.mitdb import CLASSES, DS1, DS2, OTHER, mark
from models.training.datasets.mitdb_beats import SAME_PATIENT
from models.vocabularies.mitbih import BEATS

SPEC = BeatRecipe().input
PUBLISHED = {  # de Chazal 2004, table I; its Q are the unclassifiable beats
    "DS1": {"N": 45_866, "S": 944, "V": 3_788, "F": 415, "Q": 8},
    "DS2": {"N": 44_259, "S": 1_837, "V": 3_221, "F": 388, "Q": 7},
}


def test_only_one_man_is_in_both_sets() -> None:
    patients = [{SAME_PATIENT.get(name, name) for name in names} for names in (DS1, DS2)]
    assert patients[0] & patients[1] == {"201"}


def test_mlii_comes_first_wherever_it_stands(make_record: Callable[..., Record]) -> None:
    plain, swapped = make_record(), make_record(leads=("V5", "MLII"))
    assert mark(plain, SPEC).leads == ("MLII", "V1")
    marked = mark(swapped, SPEC)
    assert marked.leads == ("MLII", "V5")
    np.testing.assert_array_equal(marked.signal, prepare(swapped, (1, 0), SPEC).signal)


def test_a_recording_without_both_leads_is_refused_by_name(make_record: Callable[..., Record]) -> None:
    with pytest.raises(UnsupportedError, match="no V1: it has MLII"):
        mark(make_record(signal=make_record().signal[:1], leads=("MLII",)), SPEC)
    with pytest.raises(UnsupportedError, match="no MLII: it has V5, V2"):
        mark(make_record(leads=("V5", "V2")), SPEC)


def test_a_marked_record_has_aami_labels_and_beats_at_the_models_rate(make_record: Callable[..., Record]) -> None:
    beats = np.arange(360, 360 * 19, 480)
    symbols = tuple(("N", "A", "V", "F", "/", "L")[i % 6] for i in range(len(beats)))
    marked = mark(make_record(annotations=Annotations(beats, symbols, "reference (atr)")), SPEC)
    expected = [CLASSES.index(aami) if (aami := BEATS[s].group) in CLASSES else OTHER for s in symbols]
    assert marked.labels.tolist() == expected
    assert np.abs(marked.beats / SPEC.fs - beats / 360).max() <= 0.05 + 0.01
    hit = marked.found >= 0
    assert hit.sum() > len(beats) // 2
    assert np.abs(marked.detected[marked.found[hit]] - marked.beats[hit]).max() <= 0.15 * SPEC.fs + 5


def test_training_cuts_the_windows_that_the_desk_cuts(make_record: Callable[..., Record]) -> None:
    record = make_record(seconds=60.0)
    marked = mark(record, SPEC)
    inputs, whole = windows(marked, marked.beats, BeatRecipe().window)
    at = np.rint(marked.beats * 3.6).astype(np.int64)
    cut, valid = around(prepare(record, (0, 1), SPEC), at)
    assert whole.any()
    assert not whole.all()
    np.testing.assert_array_equal(whole, valid)
    np.testing.assert_array_equal(inputs[whole], cut)


@pytest.mark.data
@pytest.mark.parametrize(("name", "names"), [("DS1", DS1), ("DS2", DS2)])
def test_the_classes_have_the_published_numbers_of_beats(mitdb: Path, name: str, names: tuple[str, ...]) -> None:
    opener = WfdbFolder(mitdb)
    ids = {entry.name: entry.id for entry in opener.list() if not isinstance(entry, Problem)}
    found: Counter[str] = Counter()
    for record in names:
        annotations = opener.annotations(ids[record])
        assert annotations is not None
        found.update(BEATS[symbol].group for symbol in annotations.symbols if symbol in BEATS)
    assert found == PUBLISHED[name]
