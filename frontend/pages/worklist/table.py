"""The worklist's grid: its columns and how it looks; its cells are drawn and ordered in assets/dashAgGrid*.js."""

from typing import Any

import dash_ag_grid as dag

from frontend.api import JSON
from frontend.ui.elements import Element

PARAMETERS = {
    "backgroundColor": "var(--surface)",
    "foregroundColor": "var(--ink)",
    "borderColor": "var(--line)",
    "headerBackgroundColor": "var(--surface)",
    "headerTextColor": "var(--ink3)",
    "headerFontSize": 11.5,
    "headerFontWeight": 500,
    "rowHoverColor": "var(--sel)",
    "selectedRowBackgroundColor": "var(--sel)",
    "fontFamily": "inherit",
    "fontSize": 13,
    "cellHorizontalPadding": 6,
    "rowHeight": 41,
    "headerHeight": 34,
    "accentColor": "var(--ink)",
    "wrapperBorderRadius": 8,
    "headerColumnResizeHandleDisplay": "none",
    "browserColorScheme": "inherit",
}


def column(name: str, field: str, width: int, **more: Any) -> JSON:
    """A column; its cell is drawn and ordered in assets/dashAgGrid*.js."""
    return {"headerName": name, "field": field, "width": width, **more}


def ordered(by: str) -> JSON:
    """Sorted by a function of assets/dashAgGridFunctions.js, the largest first."""
    return {"comparator": {"function": by}, "sortingOrder": ["desc", "asc"]}


COLUMNS: list[JSON] = [
    column("Record", "name", 104, cellRenderer="RecordName", comparator={"function": "byName"}),
    column("Lead 1, 3 s", "spark", 124, cellRenderer="Spark", sortable=False, flex=108, minWidth=76),
    column("Patient", "patient", 72, comparator={"function": "byAge"}),
    column("Leads", "leads", 76),
    column("Length", "length", 56, comparator={"function": "byLength"}),
    column(
        "Beats by class",
        "classes",
        230,
        cellRenderer="ClassBar",
        flex=246,
        minWidth=170,
        headerTooltip="Upper bar and numbers: reference. Lower bar: model output.",
        **ordered("byBeats"),
    ),
    column(
        "Disagree",
        "disagree",
        88,
        cellRenderer="Disagree",
        type="rightAligned",
        sort="desc",
        **ordered("byFirst"),
    ),
    column("Uncertain", "unsure", 66, cellRenderer="Uncertain", type="rightAligned", **ordered("byFirst")),
    column("Model and patient", "seen", 142, cellRenderer="Seen", cellClass="after", headerClass="after"),
    column("Reviewed", "progress", 141, cellRenderer="Reviewed", **ordered("byProgress")),
    {"field": "words", "hide": True, "getQuickFilterText": {"function": "words(params)"}},  # what the search reads
]


def table() -> Element:
    """The grid; its cells are drawn in assets/dashAgGridComponentFunctions.js."""
    parameters = ",".join(f"{key}:{value!r}" for key, value in PARAMETERS.items())
    return dag.AgGrid(
        id="worklist",
        columnDefs=COLUMNS,
        getRowId="params.data.id",
        defaultColDef={
            "cellDataType": False,
            "getQuickFilterText": {"function": "noWords(params)"},
            "sortable": True,
            "resizable": False,
            "suppressMovable": True,
            "suppressHeaderMenuButton": True,
        },
        dashGridOptions={
            "theme": {"function": f"themeQuartz.withParams({{{parameters}}})"},
            "rowHeight": 41,
            "headerHeight": 34,
            "animateRows": False,
            "ensureDomOrder": True,  # what is read aloud is in the order that is seen
            "includeHiddenColumnsInQuickFilter": True,
            "isExternalFilterPresent": {"function": "filtered()"},
            "doesExternalFilterPass": {"function": "passes(params)"},
            "suppressCellFocus": False,
            "localeText": {"noRowsToShow": "No recording fits the search and the filters."},
            "rowSelection": {"mode": "singleRow", "checkboxes": False, "enableClickSelection": True},
        },
        style={"height": "100%", "width": "100%"},
    )
