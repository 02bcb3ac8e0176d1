"""The gallery's figures, words and page."""

from typing import Any

import pytest
from fake_answers import Recording

from frontend import vocabulary
from frontend.api import Api
from frontend.figures import gallery as tile
from frontend.figures import rr
from frontend.pages.gallery import content as gallery
from frontend.pages.gallery.words import selected, sentence, title
from frontend.tokens import css


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
    assert shown.poincare["layout"]["width"] == gallery.SIDE - 50
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


def test_three_tiles_fill_the_room_at_every_width() -> None:
    for window in (1024, 1280, 1440, 1920):
        width, _, tachogram = gallery.sizes(window)
        room = window - 40 if window < 1100 else window - 40 - gallery.SIDE - gallery.BETWEEN
        assert 3 * width + 2 * gallery.GAP <= room < 3 * width + 2 * gallery.GAP + 3
        assert tachogram < window
    assert gallery.sizes(1440)[0] == 296  # as drawn


def test_every_symbol_has_its_colour_in_the_style() -> None:
    style = css({label.code: label.group for label in vocabulary.MITBIH})
    for symbol, mark in {"N": "N", "e": "N", "/": "P", "f": "P", "a": "A"}.items():
        assert f'[data-symbol="{symbol}"]{{--mark:var(--c{mark})}}' in style
