"""Beats laid over each other, and groups of one shape."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from models.records import catalogue
from models.signals.beats import beats
from models.signals.groups import SHAPES, cut_around, evenly, levelled, shapes
from models.vocabularies.mitbih import BEATS

RNG = np.random.default_rng(3)


def bumps(count: int, centre: float, width: float, height: float) -> np.ndarray:
    """`count` noisy beats [count, 200] with one bump."""
    shape = height * np.exp(-0.5 * ((np.arange(200) - centre) / width) ** 2)
    return (shape + RNG.normal(0, 0.02, (count, 200))).astype(np.float32)


def test_stretches_are_cut_around_r_and_what_leaves_the_recording_is_missing() -> None:
    values = np.arange(100, dtype=np.float32)
    cut = cut_around(values, np.array([1, 50, 99]), 3, 4)
    assert cut[1].tolist() == [47, 48, 49, 50, 51, 52, 53]
    assert np.isnan(cut[0, :2]).all()
    assert cut[0, 2:].tolist() == [0, 1, 2, 3, 4]
    assert cut[2, :4].tolist() == [96, 97, 98, 99]
    assert np.isnan(cut[2, 4:]).all()


def test_a_level_is_the_median_of_the_first_tenth_and_an_offset_changes_nothing() -> None:
    some = bumps(5, 100, 10, 1.0)
    flat = levelled(some + np.array([[0], [3], [-2], [1], [9]], dtype=np.float32))
    np.testing.assert_allclose(flat, levelled(some), atol=1e-5)
    np.testing.assert_allclose(np.median(flat[:, :20], axis=1), 0, atol=1e-6)


def test_a_gap_stays_a_gap_also_where_the_whole_level_is_missing() -> None:
    some = bumps(2, 100, 10, 1.0)
    some[0, 50:60] = np.nan
    some[1, :30] = np.nan
    flat = levelled(some)
    np.testing.assert_array_equal(np.isnan(flat), np.isnan(some))


def test_shapes_part_what_differs_largest_first_and_alike_each_time() -> None:
    many, few = bumps(60, 100, 6, 1.0), bumps(20, 130, 25, -1.5)
    both = np.concatenate([few, many])
    found = shapes(both)
    assert set(found[:20]).isdisjoint(found[20:])
    sizes = np.bincount(found)
    assert sizes.tolist() == sorted(sizes, reverse=True)
    assert len(sizes) <= SHAPES
    np.testing.assert_array_equal(found, shapes(both))


def test_a_beat_with_a_missing_sample_has_no_shape_and_two_alike_share_one() -> None:
    some = bumps(3, 100, 10, 1.0)
    some[1] = some[0]
    some[2, 7] = np.nan
    assert shapes(some).tolist() == [0, 0, -1]
    assert shapes(some[2:]).tolist() == [-1]
    assert shapes(some[:0]).tolist() == []


def test_positions_are_spread_from_first_to_last() -> None:
    assert evenly(100, 5).tolist() == [0, 25, 50, 74, 99]
    assert evenly(3, 48).tolist() == [0, 1, 2]
    assert evenly(0, 48).tolist() == []


@pytest.mark.data
@pytest.mark.parametrize(("name", "share"), [("208", 0.95), ("106", 0.97), ("231", 0.99)])
def test_groups_of_real_beats_are_mostly_of_one_class(mitdb: Path, name: str, share: float) -> None:
    record = catalogue((mitdb,)).open(f"mitdb~{name}")
    found = beats(record, 0)
    groups = shapes(cut_around(record.signal[0], found.r, 72, 144))
    assert found.symbols
    classes = [BEATS[symbol].group for symbol in found.symbols]
    members = [Counter(c for c, g in zip(classes, groups, strict=True) if g == group) for group in set(groups) - {-1}]
    assert sum(max(counts.values()) for counts in members) / (groups >= 0).sum() > share
