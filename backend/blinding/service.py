"""The blinding service: from a user are hidden the beats of open blind sessions in which that person reads."""

import time
from typing import NamedTuple

from backend.blinding.items import BlindItems, ItemsVersion, hidden_in
from backend.blinding.result_index import ResultIndex
from backend.blinding.visibility import Visibility
from backend.database import Database

FRESH, STALE = 1.0, 10.0  # s


class CachedVisibility(NamedTuple):
    """A user's visibility when this process looked last."""

    version: ItemsVersion
    when: float  # monotonic s
    visibility: Visibility


class BlindingService:
    """Knows what is hidden from whom, by the log alone: true in every process, after every restart."""

    def __init__(self, database: Database, items: BlindItems) -> None:
        self.database = database
        self.items = items
        self._results = ResultIndex()
        self._known: dict[str, CachedVisibility] = {}  # by user

    def of(self, user_id: str) -> Visibility:
        """The visibility of a user."""
        return self._look_up(user_id).visibility

    def visibility_version(self, user_id: str) -> str:
        """Version string that changes whenever what the user may see may have changed; none is used twice."""
        return "-".join(map(str, self._look_up(user_id).version))

    def _look_up(self, user_id: str) -> CachedVisibility:
        """Two quick queries, a third only after something has changed."""
        with self.database.transaction() as session:
            version = self.items.version(session, user_id)
            known = self._known.get(user_id)
            visibility = known.visibility if known and known.version == version else None
            looks = visibility is None and version.any_open
            items = self.items.undecided(session, user_id) if looks else []
        if visibility is None:
            visibility = Visibility(hidden_in(items), frozenset(item.recording for item in items), self._results)
        found = self._known[user_id] = CachedVisibility(version, time.monotonic(), visibility)
        return found

    def is_known_unrestricted(self, user_id: str) -> bool:
        """True if a cached look-up, younger than STALE s, found nothing hidden from this person; asks no database.

        Once it is older than FRESH s, one caller gets False and looks again, so that the others need not wait.
        """
        known = self._known.get(user_id)
        age = time.monotonic() - known.when if known else STALE
        if known is None or not known.visibility.unrestricted or age > STALE:
            return False
        if age > FRESH:
            self._known[user_id] = known._replace(when=time.monotonic())
            return False
        return True

    def forget(self) -> None:
        """Have every user looked up anew."""
        self._known.clear()
