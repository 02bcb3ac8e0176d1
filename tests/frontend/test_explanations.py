"""What is said of an explanation on several pages alike."""

from typing import Any

import pytest
from fake_answers import Recording, explanation

from frontend.maps import frame
from frontend.pages.compare.cells import head_of
from frontend.pages.rhythm.panels.rows import measure_of
from frontend.sheets import content


@pytest.fixture
def found(recording: Recording) -> dict[str, Any]:
    """A map of relevance."""
    return explanation("1" * 32, recording, 1037, "learned_mask", {})


@pytest.mark.parametrize("fixed", [True, False])
def test_a_full_scale_that_is_the_maps_own_is_said_wherever_it_stands(found: dict[str, Any], fixed: bool) -> None:
    found["scale"] |= {"full": 2.87, "full_is_fixed": fixed}
    job = {"title": found["title"], "cached": True}
    said = [content.full(found), str(head_of(job, found, "")), str(frame.head("a", job, found))]
    assert all("full scale 2.87" in words for words in said)
    assert [", its own" in words for words in said] == [not fixed] * 3
    assert measure_of(found) == (found["scale"]["unit"], fixed)


def test_a_picture_without_relevance_has_the_scale_of_its_track(found: dict[str, Any]) -> None:
    track = {"role": "attention", "name": "attention", "dims": ["time"], "values": [0.5], "unit": "", "labels": {}}
    found |= {"scale": None, "relevance": None}
    for full in (1.0, None):
        assert measure_of(found | {"tracks": [track | {"full": full}]}) == ("", full is not None)
