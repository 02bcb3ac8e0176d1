"""The model page: the card's facts beside it; what its network does with real windows below one another."""

import dash
import dash_mantine_components as dmc
from dash import Input, Output

from frontend.api import JSON, Api, ApiError
from frontend.page import Page, Visit
from frontend.pages.model import learnt, side
from frontend.ui.components import foot, running_jobs, saved, state
from frontend.ui.elements import Element, html
from frontend.wording.input_text import preparation

KEYS = ((("?",), "all keys"),)


def layout(_: Visit) -> Element:
    """Everything comes by callbacks."""
    main = html.Div(
        [html.Div(id="model-head", className="model-head"), html.Div(id="model-facts", className="model-facts")],
        className="main model-page",
    )
    aside = html.Aside([html.Div(id="model-side"), running_jobs()], className="side")
    return html.Div([main, aside, foot(KEYS, saved())], className="page")


def register(app: dash.Dash, api: Api) -> None:
    """What follows from the model alone."""

    @app.callback(
        Output("model-head", "children"),
        Output("model-facts", "children"),
        Output("model-side", "children"),
        Input("record-state", "data"),
    )
    def card(where: JSON | None) -> tuple[Element, Element, Element]:
        return filled(api, where or {})


def filled(api: Api, where: JSON) -> tuple[Element, Element, Element]:
    """Head, facts and side of the model in the address; of the recording's first where it names none."""
    try:
        card = api.model(where.get("model"), where.get("record"))
        known = api.models()
    except ApiError as error:
        return None, state("This model cannot be shown", error.detail, warn=True), None
    short = next(one for one in known if one["id"] == card["id"])
    return head(card, known), learnt.content(card), side.content(card, short["headline"])


def head(card: JSON, known: list[JSON]) -> list[Element]:
    """Title, what it reads, and the choice among the models that there are."""
    data = [{"value": one["id"], "label": one["id"]} for one in known]
    choice = dmc.Select(
        data=data, value=card["id"], id="model", size="xs", allowDeselect=False, w=190, **{"aria-label": "Model"}
    )
    title = html.H1(card["title"], className="cut")
    line = html.Div(
        [title, html.Span(preparation(card["input"]), className="s m cut"), html.Span(className="sp"), choice]
    )
    line.className = "row g12"
    return [line, html.P(card["summary"], className="s m w")]


PAGE = Page(
    "model", "/model", "Model", layout, address_keys=("record", "at", "lead", "model"), register=register, tab=6
)
