"""How many of the model's outputs are uncertain."""

from frontend.pages.worklist.column import LARGEST_FIRST, RIGHT, Column, said

COLUMN = Column(
    "unsure",
    "Uncertain",
    order=70,
    width=66,
    value=lambda entry: [said(entry).get(name) for name in ("uncertain", "trouble")],
    renderer="Uncertain",
    compare=lambda entry: said(entry).get("uncertain"),
    csv=(("Uncertain", lambda entry: said(entry).get("uncertain")),),
    options={**LARGEST_FIRST, **RIGHT},
)
