"""What is carried in assets fits what is installed."""

import re
from pathlib import Path

from plotly.offline import get_plotlyjs_version

import frontend


def test_the_carried_plotly_is_of_the_major_version_that_plotly_writes_figures_for() -> None:
    head = (Path(frontend.__file__).parent / "assets" / "vendor" / "plotly-cartesian.min.js").read_text(
        encoding="utf-8"
    )[:300]
    carried = re.search(r"v(\d+)\.", head)
    assert carried is not None
    assert carried[1] == get_plotlyjs_version().split(".")[0]
