"""The review desk: the recording at true scale, what the model decided, and what it was shown."""

import dash

from frontend import methods
from frontend.api import Api, ApiError
from frontend.discovery import discover
from frontend.page import Page, Visit
from frontend.pages.desk import panels as folder
from frontend.panel import GROUP, Panel, Panels, laid_out
from frontend.panel import register as register_panels
from frontend.ui.components import foot, saved
from frontend.ui.elements import Element, html

MOST, METHODS = 9, "9"  # methods that a digit chooses from; the last one's key, until they are known
KEYS = (
    (("J", "K"), "next, previous"),
    (("⇧ J",), "next of this class"),
    ((",", "."), "queue"),
    (("Space",), "agree"),
    (("C",), "cover"),
    (("M",), "calipers"),
    (("H",), "hide the model"),
    (("W",), "raw or filtered"),
    (("1", "…", METHODS), "method B"),
    (("⌘ Z",), "undo"),
    (("/",), "search"),
    (("?",), "all keys"),
)


def panels() -> Panels:
    """Every panel of the desk: each file in `panels/` exports one, other packages name theirs as entry points."""
    return tuple(discover(folder, "PANEL", Panel, GROUP))


def layout(visit: Visit) -> Element:
    """The page; everything in it comes by callbacks, at its final size from the start."""
    known = panels()
    main = html.Div(laid_out(known, "main"), className="main desk")
    side = html.Aside(laid_out(known, "side"), className="side")
    return html.Div([main, side, foot(keys(visit.api), saved())], className="page")


def keys(api: Api) -> tuple[tuple[tuple[str, ...], str], ...]:
    """What stands at the foot; as many digits as there are methods."""
    try:
        last = str(min(MOST, len(methods.all_of(api))))
    except ApiError:
        last = METHODS
    return tuple((tuple(last if key == METHODS else key for key in names), words) for names, words in KEYS)


def register(app: dash.Dash, api: Api) -> None:
    """Callbacks of the panels; what depends on a beat waits for it in `beat-state`."""
    register_panels(panels(), app, api)


PAGE = Page(
    "desk",
    "/review",
    "Desk",
    layout,
    scope="window",
    panels=lambda _: panels(),
    address_keys=("record", "at", "lead", "model", "target", "score", "a", "b"),
    register=register,
    tab=2,
)
