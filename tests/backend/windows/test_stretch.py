"""Windows of a stretch: the rows of the whole that lie in it, and no others."""

import pytest
from fastapi.testclient import TestClient

WINDOWS = "/recordings/ward~one/windows"


@pytest.mark.parametrize("model", [None, "tiny"])
def test_a_stretch_has_the_whole_ones_rows(client: TestClient, model: str | None) -> None:
    asked = {"model": model} if model else {}
    whole = client.get(WINDOWS, params=asked).json()["windows"]
    start, seconds = whole["time"][3] - 0.01, whole["time"][7] - whole["time"][3] + 0.02
    part = client.get(WINDOWS, params=asked | {"start": start, "seconds": seconds}).json()["windows"]
    assert part.pop("beats") == {name: values[3:8] for name, values in whole.pop("beats").items()}
    assert part == {name: values[3:8] for name, values in whole.items()}


def test_a_stretch_without_beats_has_no_rows_and_one_without_an_end_goes_on_to_the_last(client: TestClient) -> None:
    times = client.get(WINDOWS).json()["windows"]["time"]
    between = (times[2] + times[3]) / 2
    assert client.get(WINDOWS, params={"start": between, "seconds": 0.001}).json()["windows"]["at"] == []
    assert client.get(WINDOWS, params={"start": between}).json()["windows"]["time"] == times[3:]


def test_no_stretch_is_refused(client: TestClient) -> None:
    assert client.get(WINDOWS, params={"start": -1}).status_code == 422
    assert client.get(WINDOWS, params={"seconds": 0}).status_code == 422
