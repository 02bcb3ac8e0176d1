"""The sheet of twelve leads: one scale, whatever room there is."""

import math
from collections import Counter
from typing import Any

import pytest

from frontend.figures import leads, paper

NAMES = [name for row in leads.ORDER for name in row]
FS = 100


def signal(lead: str) -> dict[str, Any]:
    time = [i / FS for i in range(round(leads.SECONDS * FS))]
    return {"lead": lead, "time": time, "value": [math.sin(6 * t) for t in time]}


def sheet(room: float) -> tuple[leads.Leads, paper.Figure]:
    shown = leads.Leads(tuple(signal(name) for name in NAMES), "II", room=room)
    return shown, leads.figure(shown)


@pytest.mark.parametrize("room", [560, 716, 836, 920, 944, 945, 2000])
def test_all_leads_lie_in_the_room_at_true_scale(room: float) -> None:
    """A narrow sheet has fewer seconds of each lead, never another scale nor a lead that must be scrolled to."""
    shown, figure = sheet(room)
    layout = figure["layout"]
    assert layout["width"] <= room + 1
    for axis, size, each in (("xaxis", "width", paper.px_per_second()), ("yaxis", "height", paper.px_per_mv())):
        first, last = layout[axis]["range"]
        assert layout[size] == pytest.approx((last - first) * each)
    assert Counter(trace["name"] for trace in figure["data"]) == Counter([*NAMES, "II"])
    assert len(shown.order) == (3 if room >= 944 else 6)


@pytest.mark.parametrize("room", [716, 945])
def test_the_columns_of_a_sheet_are_one_time(room: float) -> None:
    """Each lead begins where the one left of it ends, and the rhythm lies below all of them."""
    shown, figure = sheet(room)
    *cells, rhythm = figure["data"]
    columns = len(shown.order[0])
    for row in range(len(shown.order)):
        times = [time for trace in cells[row * columns : (row + 1) * columns] for time in trace["x"]]
        assert times == rhythm["x"]


def test_a_sheet_is_never_without_a_trace() -> None:
    assert sheet(10)[0].seconds > 0
