from pathlib import Path

import pytest

from models.errors import InvalidError
from models.evaluation.sections import write_section

PAGE = "# Results\n<!-- a -->\nold\n<!-- /a -->\nbetween\n<!-- b -->\nkept\n<!-- /b -->\n"


def test_only_its_own_part_changes(tmp_path: Path) -> None:
    page = tmp_path / "results.md"
    page.write_text(PAGE)
    write_section(page, "a", r"new \1 text")
    assert page.read_text() == PAGE.replace("old", r"new \1 text")


def test_an_unknown_part_is_named_with_those_there_are(tmp_path: Path) -> None:
    page = tmp_path / "results.md"
    page.write_text(PAGE)
    with pytest.raises(InvalidError, match="no part 'c': it has a, b"):
        write_section(page, "c", "x")
