"""The frontend's one way to the service."""

from frontend.api import windows
from frontend.api.cache import JSON, ResponseCache
from frontend.api.client import IDLE, Api, part
from frontend.api.errors import ApiError, problem

__all__ = ["IDLE", "JSON", "Api", "ApiError", "ResponseCache", "part", "problem", "windows"]
