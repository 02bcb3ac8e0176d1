"""The keys at the foot of the desk."""

import pytest

from frontend.api import Api, ApiError
from frontend.pages.desk.page import keys
from frontend.ui.components import foot


def test_as_many_digits_are_named_as_there_are_methods(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    many = len(api.explainers())
    assert (("1", "…", str(many)), "method B") in keys(api)
    monkeypatch.setattr(api, "explainers", lambda: [{}] * 14)
    assert (("1", "…", "9"), "method B") in keys(api)  # there are no more digits


def test_a_run_of_keys_is_written_with_a_dash() -> None:
    shown = str(foot([(("1", "…", "4"), "method B")], None))
    assert "'–'" in shown
    assert "…" not in shown


def test_the_keys_stand_there_without_the_service(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise ApiError("The server does not answer.")

    monkeypatch.setattr(api, "explainers", away)
    assert (("1", "…", "9"), "method B") in keys(api)
