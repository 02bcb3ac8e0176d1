"""A Markdown page made of parts, each written by a command of its own."""

import re
from pathlib import Path

from models.errors import InvalidError


def write_section(page: Path, name: str, text: str) -> None:
    """Replace what stands between `<!-- name -->` and `<!-- /name -->` in `page` by `text`.

    Raises InvalidError where the page has no such part.
    """
    before = page.read_text(encoding="utf-8")
    pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    if not pattern.search(before):
        options = tuple(re.findall(r"<!-- ([\w-]+) -->", before))
        raise InvalidError(f"{page} has no part {name!r}: it has {', '.join(options) or 'none'}", options=options)
    page.write_text(pattern.sub(lambda m: f"{m[1]}{text.strip()}\n{m[2]}", before), encoding="utf-8")
