"""Whether the model has seen the patient."""

from frontend.pages.worklist.column import Column, said

COLUMN = Column(
    "seen",
    "Model and patient",
    order=80,
    width=142,
    value=lambda entry: said(entry).get("seen"),
    renderer="Seen",
    options={"cellClass": "after", "headerClass": "after"},
)
