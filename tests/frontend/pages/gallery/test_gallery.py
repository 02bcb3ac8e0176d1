"""The gallery's figures, words and page."""

from typing import Any

import numpy as np
import pytest
from fake_answers import Recording

from frontend import vocabulary
from frontend.api import Api
from frontend.figures import gallery as tile
from frontend.figures import rr
from frontend.pages.gallery import content as gallery
from frontend.pages.gallery.sizes import LARGEST, SIDE, sizes, width
from frontend.pages.gallery.words import selected, sentence, title
from frontend.tokens import css
from frontend.wording.naming import naming


def group(count: int, reference: str | None, output: str | None, **more: Any) -> dict[str, Any]:
    plain = {
        "key": f"{reference}>{output}",
        "reference": reference,
        "output": output,
        "reader": None,
        "count": count,
        "probability": 0.664,
        "references": {reference: count} if reference else {},
        "outputs": {output: count} if output else {},
        "rr": 492.4,
    }
    return plain | more


PACED, AGREED = group(642, "V", "/"), group(300, "V", "V", rr=547.1)
NORMAL = group(1569, "N", "N")


def test_a_disagreement_in_words() -> None:
    assert sentence(PACED, [PACED, AGREED, NORMAL], 2955, reads_rr=False) == (
        "642 of 942 beats with the reference PVC have the output Paced; "
        "the reference has no Paced beat in this record. "
        "Their preceding RR has a median of 492 ms, against 547 ms for the 300 with the output PVC; "
        "RR did not reach the model."
    )


def test_one_beat_in_words_and_rhythm_that_reached_the_model() -> None:
    words = sentence(group(1, "N", "V"), [group(1, "N", "V")], 2955, reads_rr=True)
    assert words == (
        "The only beat with the reference Normal has the output PVC; the reference has no PVC beat in this record. "
        "Its preceding RR is 492 ms; RR reached the model."
    )


def test_groups_without_reference_by_reader_and_by_shape_in_words() -> None:
    assert sentence(group(5, None, "V"), [], 40, False).startswith("5 of 40 beats have the output PVC. Their")
    read = group(7, None, None, reader="artefact", outputs={"N": 5, "V": 2}, rr=None)
    assert sentence(read, [read], 40, False) == "7 of 40 beats were read as artefact. Output: Normal 5, PVC 2."
    shape = group(9, None, None, key="shape 2", references={"N": 8, "V": 1}, outputs={"N": 9}, rr=None)
    words = "9 of 40 beats have this shape. Reference: Normal 8, PVC 1. Output: Normal 9."
    assert sentence(shape, [shape], 40, False) == words


def test_titles_and_what_stands_in_the_bar() -> None:
    assert [title(g) for g in (PACED, AGREED, group(1, None, "R"))] == [
        "PVC, output Paced",
        "PVC, agreed",
        "Output RBBB",
    ]
    assert title(group(1, None, None, reader="cannot say")) == "Read as cannot say"
    shape = group(10, None, None, key="shape 3")
    assert title(shape) == "Shape 3"
    assert title(shape | {"references": {"N": 10}}) == "Shape 3, all Normal"
    assert title(shape | {"references": {"N": 6, "V": 4}}) == "Shape 3, mostly Normal"
    assert title(shape | {"references": {"N": 4, "V": 3, "F": 3}}) == "Shape 3"
    assert title(shape | {"outputs": {"V": 9, "N": 1}}) == "Shape 3, mostly output PVC"
    assert selected(PACED) == "mean output Paced 0.66"
    assert selected(group(9, None, None, outputs={"N": 8, "V": 1})) == "most often Normal 0.66"
    assert selected(group(2, "V", None, probability=None)) == "no output"


def test_a_tile_has_every_beat_apart_and_room_for_the_relevance(api: Api, recording: Recording) -> None:
    answer = api.groups(recording.id, None, None, "reference_and_model")
    first = answer["groups"][0]
    low, high = tile.limits(answer["groups"])
    frame = tile.Frame(answer["before"], answer["step"], low, high)
    ramp, beats, mean = tile.figure(first, frame)["data"]
    assert beats["x"].count(None) >= len(first["traces"])
    times = mean["x"]
    assert times[round(answer["before"] / answer["step"])] == pytest.approx(0, abs=0.01)
    assert low <= min(v for v in mean["y"] if v is not None)
    assert high >= max(v for v in mean["y"] if v is not None)
    assert ramp["zmin"] == 0
    assert tile.figure(first, tile.Frame(200, 4, -1, 2, signed=True))["data"][0]["zmin"] == -1


def test_one_artefact_does_not_set_the_scale_of_all_tiles() -> None:
    usual = group(500, "N", "N", traces=[[0.0, 1.0, 0.0]], mean=[0.0, 1.0, 0.0])
    artefact = group(1, "N", "V", traces=[[-9.0, 9.0, 0.0]], mean=[-9.0, 9.0, 0.0])
    assert tile.limits([usual, artefact]) == tile.limits([usual])
    assert tile.limits([artefact])[1] > 9


def test_an_axis_of_rr_holds_nearly_all_and_is_not_stretched_by_one_pause() -> None:
    usual = [800.0 + i % 50 for i in range(1000)]
    assert rr.limits([None, *usual, 9000.0]) == rr.limits(usual)
    low, high = rr.limits(usual)
    assert low < min(usual)
    assert high > max(usual)
    assert high - low >= rr.LEAST
    low, high = rr.limits([None])
    assert 0 <= low < high


def test_the_poincare_plot_is_square_and_both_axes_are_alike() -> None:
    layout = rr.poincare((300, 1100), "light", 386)["layout"]
    assert layout["width"] == layout["height"]
    assert layout["xaxis"]["range"] == layout["yaxis"]["range"] == [300, 1100]
    margin = layout["margin"]
    assert margin["l"] + margin["r"] == pytest.approx(margin["t"] + margin["b"], abs=4)


@pytest.mark.parametrize(("seconds", "last"), [(1805.6, "30:00"), (20.0, "00:20"), (86_400.0, "24:00:00")])
def test_the_tachogram_names_a_few_whole_times(seconds: float, last: str) -> None:
    names = rr.tachogram((300, 1100), seconds, "dark", (1000, 128))["layout"]["xaxis"]["ticktext"]
    assert len(names) <= 9
    assert names[-1] == last


def where(recording: Recording, **more: Any) -> dict[str, Any]:
    return {"record": recording.id, "by": "reference_and_model", "method": "occlusion", "width": 1440} | more


def test_the_page_has_a_tile_for_every_group_and_hands_over_what_the_script_needs(
    api: Api, recording: Recording
) -> None:
    shown = gallery.content(api, where(recording), "light")
    data = shown.data
    groups = api.groups(recording.id, None, None, "reference_and_model")["groups"]
    assert len(shown.tiles) == len(data["groups"]) == len(groups)
    assert data["explainer"] == {"method": "occlusion"}
    assert data["queued"] is True
    assert "Record 1" in str(shown.head)
    assert f"{len(groups)} groups" in str(shown.note)
    assert shown.poincare["layout"]["width"] == SIDE - gallery.INSET
    assert shown.tachogram["layout"]["width"] == 1440 - 64
    assert "Normal" in str(shown.legend)


def test_parameters_in_the_address_are_those_of_the_mean_map(api: Api, recording: Recording) -> None:
    data = gallery.content(api, where(recording, method="occlusion,width=31"), "light").data
    assert data["explainer"] == {"method": "occlusion", "width": 31}
    data = gallery.content(api, where(recording, method="temporal_score"), "light").data
    assert data["explainer"]["method"] != "temporal_score"


def test_no_groups_and_no_recording_are_said_in_words(api: Api, recording: Recording) -> None:
    nobody = gallery.content(api, where(recording, by="reader"), "light")
    assert "has been read yet" in str(nobody.tiles)
    nowhere = gallery.content(api, {"by": "shape", "method": "occlusion"}, "light")
    assert "No recording is chosen yet" in str(nowhere.head)
    assert (nowhere.tiles, nowhere.data) == ([], {"groups": [], "again": None})


@pytest.mark.parametrize("tiles", [1, 2, 3, 6, 13, 24])
@pytest.mark.parametrize("window", [(1024, 768), (1280, 800), (1440, 900), (1920, 1080), (2560, 1440)])
def test_tiles_have_one_shape_fill_the_row_and_are_as_large_as_all_find_room(
    window: tuple[int, int], tiles: int
) -> None:
    at = sizes(*window, tiles)
    assert at.plot[1] / at.plot[0] == pytest.approx(0.5, abs=0.003)
    left = window[0] - 40 if window[0] < 1100 else window[0] - 40 - at.side - 36
    assert at.columns * (at.tile + 20) - 20 <= left
    rows = -(-tiles // at.columns)
    tall = rows * (at.plot[1] + 52) + (rows - 1) * 20
    larger = width(left, at.columns - 1) if at.columns > 1 else None
    if tall <= at.area and larger and larger <= LARGEST:  # with fewer in a row not all would be in sight
        rows = -(-tiles // (at.columns - 1))
        assert rows * ((larger - 8) * 0.5 + 52) + (rows - 1) * 20 > at.area
    assert at.tachogram[0] < window[0]


def test_six_tiles_at_1440_are_as_drawn_and_a_large_screen_is_filled() -> None:
    assert sizes(1440, 900, 6).tile == 296
    assert sizes(1440, 900, 13).tile == 296  # and can be scrolled to
    large = sizes(2560, 1440, 13)
    assert large.tile > 320
    assert large.side > sizes(1440, 900, 13).side
    assert sizes(2560, 1440, 13, rr=False).tile > large.tile


RHYTHM = {"N": "Sinus", "A": "Atrial fibrillation", "O": "Something else"}


def test_windows_that_are_no_beats_are_called_so_in_their_own_words() -> None:
    said = naming("span", "none that is known", [{"symbol": code, "name": name} for code, name in RHYTHM.items()])
    fibrillation = group(3, None, "A", rr=None)
    assert title(fibrillation, said) == "Output Atrial fibrillation"
    assert sentence(fibrillation, [fibrillation], 40, False, said) == (
        "3 of 40 windows have the output Atrial fibrillation."
    )
    assert selected(group(9, None, None, outputs={"O": 9}), said) == "mean output Something else 0.66"
    assert title(fibrillation) == "Output Atrial prem."  # a beat's A is another one
    assert (said.beats, naming("beat", "mitbih", []).beats) == (False, True)
    assert said.many(1) == "1 window"


def test_of_windows_that_are_no_beats_the_margin_stands_over_time(api: Api, recording: Recording) -> None:
    said = naming("span", "rhythm", [])
    at = sizes(1440, 900, 3, rr=False)
    poincare, over_time = gallery.plots(api.beats(recording.id, None), 60.0, "light", at, said)
    assert poincare["data"] == []
    assert over_time["layout"]["yaxis"]["range"] == [-0.04, 1.04]
    assert "Margin over time" in str(gallery.about(said))
    assert "Tachogram" in str(gallery.about(naming("beat", "mitbih", [])))


def test_nearly_all_traces_of_every_group_lie_whole_in_their_tile() -> None:
    rng = np.random.default_rng(0)
    tall = [(1 + 0.2 * rng.random()) * np.array([0.0, 2.0, -0.5]) for _ in range(48)]
    small = [np.array([0.0, 0.4, 0.0])] * 48
    both = [
        group(900, "N", "N", traces=[one.tolist() for one in small], mean=[0.0, 0.4, 0.0]),
        group(100, "F", "N", traces=[one.tolist() for one in tall], mean=[0.0, 2.2, -0.5]),
    ]
    low, high = tile.limits(both)
    assert sum(max(one) <= high and min(one) >= low for one in tall) >= 0.95 * len(tall)


def test_every_symbol_has_its_colour_in_the_style() -> None:
    style = css({label.code: label.group for label in vocabulary.MITBIH})
    for symbol, mark in {"N": "N", "e": "N", "/": "P", "f": "P", "a": "A"}.items():
        assert f'[data-symbol="{symbol}"]{{--mark:var(--c{mark})}}' in style
