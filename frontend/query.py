"""Numbers of a query, within their limits."""

from collections.abc import Mapping

MM = (1.5, 20.0)  # px of a millimetre that can be asked for
SPEEDS, GAINS = (1.0, 200.0), (1.0, 80.0)  # mm/s, mm/mV


def within(query: Mapping[str, str], name: str, usual: float, limits: tuple[float, float]) -> float:
    """A number of the query; ValueError where it is outside `limits`."""
    value = float(query.get(name, usual))
    if not limits[0] <= value <= limits[1]:
        raise ValueError(f"{name} = {value:g} is not within {limits[0]:g} … {limits[1]:g}")
    return value
