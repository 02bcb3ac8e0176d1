"""One's own account."""

from frontend.pages.account.page import PAGE

__all__ = ["PAGE"]
