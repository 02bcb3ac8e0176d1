"""The roles of users, from the one that may least."""

from typing import Literal, get_args

Role = Literal["reader", "annotator", "lead", "administrator"]
ROLES: tuple[Role, ...] = get_args(Role)  # each may do what those before it may
