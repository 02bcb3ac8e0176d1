"""A panel: one object that says where it stands, what it shows of a view, and how it is drawn once it is frozen."""

import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import dash

from frontend.api import JSON, Api
from frontend.discovery import guarded
from frontend.ui.elements import Element
from frontend.view import View

GROUP = "beatlens.panels"
Paper = Callable[[Any, JSON, float, Any], float]


@dataclass(frozen=True)
class PanelUpdate:
    """What one panel shows of a view."""

    props: dict[str, dict[str, Any]]  # component id → Dash properties
    data: Any = None  # JSON for the panel's script
    complete: bool = True  # False while a job is under way: asked for again, not kept


@dataclass(frozen=True)
class Panel:
    """A part of a page. Everything about it is in the file that makes it."""

    name: str
    place: str = "main"  # "main", "side", or the name of the panel that holds it
    order: int = 0  # where it stands in its place
    layout: Callable[..., Element] | None = None  # given, at their final size, the panels that it holds
    update: Callable[[Api, View], PanelUpdate] | None = None  # what it shows of a view
    turn: int = 0  # when its answer is sent, among the page's
    early: bool = False  # painted before the others where the answer is kept
    script: str | None = None  # below assets/: hears of each update by its name
    freeze: tuple[str, ...] = ()  # what of a link's document it is drawn from
    draw: Callable[[JSON], Element] | None = None  # a link's document → components
    paper: str | None = None  # "module:function", loaded when a sheet is drawn: page, document, y, room → y below it
    register: Callable[[dash.Dash, Api], None] | None = None  # its callbacks


Panels = tuple[Panel, ...]


def laid_out(panels: Iterable[Panel], place: str) -> list[Element]:
    """The panels of a place in their order, each around those that it holds."""
    known = tuple(panels)
    standing = sorted(
        (panel for panel in known if panel.place == place and panel.layout), key=lambda panel: panel.order
    )
    return [_laid_out(panel, laid_out(known, panel.name)) for panel in standing]


def _laid_out(panel: Panel, inside: list[Element]) -> Element:
    """A panel's layout; nothing where it is another package's and fails."""
    return guarded(panel, lambda: panel.layout(*inside) if panel.layout else None, None)


def register(panels: Iterable[Panel], app: dash.Dash, api: Api) -> None:
    """The callbacks of panels."""
    for panel in panels:
        if panel.register:
            guarded(panel, partial(panel.register, app, api), None)


def updating(panels: Iterable[Panel]) -> list[Panel]:
    """The panels that depend on the view, in the order of their answers."""
    return sorted((panel for panel in panels if panel.update), key=lambda panel: panel.turn)


def frozen(panels: Iterable[Panel], document: JSON) -> list[Panel]:
    """The panels that draw a link's document, in the order of their answers; not those whose part was not frozen."""
    able = [panel for panel in panels if panel.draw and all(name in document for name in panel.freeze)]
    return sorted(able, key=lambda panel: (panel.turn, panel.place == "side", panel.order))


def drawn(panels: Iterable[Panel], document: JSON) -> list[Element]:
    """What panels show of a link's document, one below the other."""
    found = [panel.draw(document) for panel in panels if panel.draw]
    return [one for each in found for one in (each if isinstance(each, list) else [each])]


def on_paper(panel: Panel) -> Paper:
    """The function that draws a panel on a sheet."""
    if panel.paper is None:
        raise ValueError(f"Panel {panel.name!r} is not drawn on paper")
    found: Paper = pkgutil.resolve_name(panel.paper)
    return found
