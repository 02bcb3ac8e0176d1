"""The worklist's grid, and how it looks."""

from collections.abc import Sequence

import dash_ag_grid as dag

from frontend.pages.worklist.column import Column
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


SEARCHED = {"field": "words", "hide": True, "getQuickFilterText": {"function": "words(params)"}}


def table(columns: Sequence[Column]) -> Element:
    """The grid of these columns; its cells are drawn in assets/pages/worklist/cells.js."""
    parameters = ",".join(f"{key}:{value!r}" for key, value in PARAMETERS.items())
    return dag.AgGrid(
        id="worklist",
        columnDefs=[*(one for column in columns for one in column.definitions()), SEARCHED],
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
            "postSortRows": {"function": "inRank(params)"},
            "loading": False,  # empty rows stand there, and nothing turns
            "isExternalFilterPresent": {"function": "filtered()"},
            "doesExternalFilterPass": {"function": "passes(params)"},
            "suppressCellFocus": False,
            "localeText": {"noRowsToShow": "No recording fits the search and the filters."},
            "rowSelection": {"mode": "singleRow", "checkboxes": False, "enableClickSelection": True},
        },
        style={"height": "100%", "width": "100%"},
    )
