"""The pages: each folder here exports its `PAGE`; other packages name theirs as entry points `beatlens.pages`."""

import sys
from collections.abc import Sequence

from frontend.discovery import discover, leave_out, origin
from frontend.page import Page

GROUP = "beatlens.pages"


def pages() -> tuple[Page, ...]:
    """All pages, those with a tab first; ValueError where two of ours have one name or path.

    A page of another package that takes another's is left out.
    """
    found: list[Page] = []
    for page in discover(sys.modules[__name__], "PAGE", Page, GROUP):
        error = _taken(page, found)
        who = origin(page)
        if error and who is None:
            raise error
        if error and who:
            leave_out(who, GROUP, error)
        else:
            found.append(page)
    return tuple(sorted(found, key=lambda page: (page.tab is None, page.tab or 0, page.name)))


def _taken(page: Page, before: Sequence[Page]) -> ValueError | None:
    """What of a page another one has already."""
    for what in ("name", "path"):
        if getattr(page, what) in [getattr(other, what) for other in before]:
            return ValueError(f"Two pages have the {what} {getattr(page, what)!r}")
    return None
