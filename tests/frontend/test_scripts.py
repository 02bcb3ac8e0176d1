"""What the scripts leave to one place."""

import re
from pathlib import Path

import frontend

ASSETS = Path(frontend.__file__).parent / "assets"
SCRIPTS = sorted(path for path in ASSETS.glob("**/*.js") if "vendor" not in path.parts)
BARE = re.compile(r"(?<![\w.`])fetch\(")


def test_one_place_alone_talks_to_the_network() -> None:
    """It reads every answer whole: one left unread keeps one of the browser's six connections."""
    assert {path.name for path in SCRIPTS if BARE.search(path.read_text())} == {"address.js", "answers.js"}
