"""What the style sheets must not ask of the browser."""

import re
from pathlib import Path

import frontend

SHEETS = sorted(Path(frontend.__file__).parent.glob("assets/**/*.css"))
WHOLE = re.compile(r"(:root|\bhtml|\bbody|\.(page|main|side|desk|rhythm|maps|maps-row|compare|plain))[^\s,{>~+]*:has\(")


def test_no_selector_looks_into_a_whole_page() -> None:
    """Such a `:has()` has the browser style the page anew at each of the hundreds of nodes that a plot draws."""
    assert SHEETS
    found = {sheet.name: [match[0] for match in WHOLE.finditer(sheet.read_text())] for sheet in SHEETS}
    assert {name: selectors for name, selectors in found.items() if selectors} == {}


def test_the_rule_knows_what_it_looks_for() -> None:
    """Ancestors of plots are refused, small things are not."""
    assert WHOLE.search(".page:has(.worklist) { height: 1px; }")
    assert WHOLE.search(":root:has(#bar:not([hidden])) { --bar: 35px; }")
    assert WHOLE.search(".maps:has([data-part=maps][aria-busy]) #map-scale { visibility: hidden; }")
    assert not WHOLE.search(".map-state:has(.nothing) { right: 0; } .seg button:has(.chip) {}")
