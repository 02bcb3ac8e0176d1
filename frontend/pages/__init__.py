"""The pages: each folder here exports its `PAGE`; other packages name theirs as entry points `beatlens.pages`."""

import sys
from collections import Counter

from frontend.discovery import discover
from frontend.page import Page

GROUP = "beatlens.pages"


def pages() -> tuple[Page, ...]:
    """All pages, those with a tab first; ValueError where two have one name or path."""
    found = discover(sys.modules[__name__], "PAGE", Page, GROUP)
    for what, values in {"name": [p.name for p in found], "path": [p.path for p in found]}.items():
        twice = [value for value, count in Counter(values).items() if count > 1]
        if twice:
            raise ValueError(f"Two pages have the {what} {twice[0]!r}")
    return tuple(sorted(found, key=lambda page: (page.tab is None, page.tab or 0, page.name)))
