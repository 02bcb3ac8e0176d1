"""How many beats model and reference call differently."""

from frontend.pages.worklist.column import LARGEST_FIRST, RIGHT, Column, said

COLUMN = Column(
    "disagree",
    "Disagree",
    order=60,
    width=98,
    value=lambda entry: [said(entry).get(name) for name in ("disagreements", "compared", "trouble")],
    renderer="Disagree",
    compare=lambda entry: said(entry).get("disagreements"),
    csv=(
        ("Compared", lambda entry: said(entry).get("compared")),
        ("Disagree", lambda entry: said(entry).get("disagreements")),
    ),
    options={"sort": "desc", **LARGEST_FIRST, **RIGHT},
)
