"""Which maps have a share by wave."""

from frontend.pages.desk.panels.by_wave import has_shares


def test_of_a_map_that_found_nothing_and_of_a_decision_over_time_no_share_is_told() -> None:
    assert has_shares({"trust_id": "a", "nothing_found": False})
    assert has_shares({"trust_id": "a"})  # what was frozen before
    assert not has_shares({"trust_id": "a", "nothing_found": True})
    assert not has_shares({"trust_id": None, "nothing_found": False})
