"""People with accounts, for tests of who may do what."""

from collections.abc import Callable, Mapping

import pytest
from fastapi.testclient import TestClient

PASSWORD = "correct horse battery"
NOBODY = "nobody"
Keys = dict[str, dict[str, str]]
SignUp = Callable[[TestClient, Mapping[str, str]], tuple[dict[str, str], Keys]]


@pytest.fixture
def sign_up() -> SignUp:
    """Accounts from names and roles: the id of each, and a token of each as headers; nobody has none."""

    def made(client: TestClient, people: Mapping[str, str]) -> tuple[dict[str, str], Keys]:
        auth = client.app.state.services.auth
        ids = {name: auth.accounts.add(name, role, PASSWORD).id for name, role in people.items()}
        tokens = {name: auth.credentials.new_token(id, "tests", None).token for name, id in ids.items()}
        return ids, {NOBODY: {}} | {name: {"Authorization": f"Bearer {token}"} for name, token in tokens.items()}

    return made
