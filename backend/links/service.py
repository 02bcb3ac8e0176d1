"""Links: freeze a beat with its explanations, and read it again years later."""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import select, update

from backend.current_user import User
from backend.database import Database
from backend.errors import ConflictError, ForbiddenError, GoneError, SignInError
from backend.explanations.service import Explanations
from backend.links import readings, upgrade
from backend.links.freezing import Freezer
from backend.links.live import compare
from backend.links.schemas import (
    FORMAT,
    Frozen,
    LinkDocument,
    LinkRequest,
    LinkResponse,
    LinkRow,
    LinksResponse,
    Patient,
)
from backend.links.tables import Link
from backend.predictions.context import WindowContext
from backend.predictions.service import Predictor
from backend.times import utc
from backend.trust.service import TrustService
from models.errors import NotFoundError

TOKEN_BYTES = 24  # 192 bits: nobody finds a link by trying
NUMBER = 8  # hex digits by which people speak of a link: of the token's hash, so that they say nothing of the token


class Links:
    """Creates, reads and withdraws links."""

    def __init__(
        self, database: Database, predictor: Predictor, explanations: Explanations, trust: TrustService
    ) -> None:
        self.database = database
        self.predictor = predictor
        self.freezer = Freezer(predictor, explanations, trust)

    def resolve_window(self, request: LinkRequest) -> WindowContext:
        """The beat that is to be shared."""
        return self.predictor.resolve_window(request.recording, request.at, request.lead, request.model)

    def create(self, request: LinkRequest, context: WindowContext, user: User) -> LinkResponse:
        """Freeze a beat and give the address; the token is stored nowhere."""
        now, (start, end) = datetime.now(UTC), context.interval
        said = readings.now(self.database, context.record.sha256, (start, end), user.id)
        document = self.freezer.freeze(request, context, now, self._patient(request, user), said)
        token = secrets.token_urlsafe(TOKEN_BYTES)
        link = Link(
            token_sha256=digest(token),
            created=now,
            format=FORMAT,
            document=document.model_dump_json(),
            maker=user.id,
            title=document.title,
            recording=context.record.id,
            recording_sha256=context.record.sha256,
            at=context.at,
            time=document.record.time,
            start=start,
            end=end,
            needs_sign_in=request.needs_sign_in,
            expires=now + timedelta(days=request.days) if request.days else None,
        )
        with self.database.transaction() as session:
            session.add(link)
        return LinkResponse(id=link.id, number=number(link), token=token, url=f"/s/{token}", expires=link.expires)

    def find(self, token: str, user: User | None) -> Link:
        """The link of a token, for a person or nobody.

        NotFoundError where there is none, GoneError where it has ended or was withdrawn, SignInError where one must.
        """
        with self.database.transaction() as session:
            link = session.scalar(select(Link).where(Link.token_sha256 == digest(token)))
        if link is None:
            raise NotFoundError("There is no such link: check that its address is complete", field="token")
        if (state := state_of(link)) != "open":
            when = utc(link.revoked or link.expires or link.created)
            words = "was withdrawn by its maker" if state == "withdrawn" else "ended"
            raise GoneError(f"This link {words} on {when:%Y-%m-%d}: ask whoever sent it for a new one")
        if link.needs_sign_in and user is None:
            raise SignInError("This link is for people who have signed in")
        if link.format > FORMAT:
            raise ConflictError("This link was made by a newer version of Beatlens than this one")
        return link

    def read(self, link: Link, frozen: Frozen, counted: bool) -> LinkDocument:
        """The frozen document, and how today's answer compares; `counted` as one opening of its page."""
        if counted:
            with self.database.transaction() as session:
                seen = {"views": Link.views + 1, "seen": datetime.now(UTC)}
                session.execute(update(Link).where(Link.id == link.id).values(seen))
        return LinkDocument(
            **dict(frozen),
            live=compare(self.predictor, self.database, frozen),
            number=number(link),
            needs_sign_in=link.needs_sign_in,
            expires=link.expires,
        )

    def of(self, user: User) -> LinksResponse:
        """The links that a person has made."""
        columns = [column for column in Link.__table__.columns if column.name != "document"]
        own = select(*columns).where(Link.maker == user.id).order_by(Link.id.desc())
        with self.database.transaction() as session:
            return LinksResponse(links=[_row(link) for link in session.execute(own)])

    def revoke(self, id: int, user: User) -> LinkRow:
        """Withdraw a link; NotFoundError for another's, but for administrators."""
        with self.database.transaction(writing=True) as session:
            link = session.get(Link, id)
            if link is None or not (link.maker == user.id or user.may("administrator")):
                raise NotFoundError(f"You have no link {id}", field="id")
            link.revoked = link.revoked or datetime.now(UTC)
            return _row(link)

    def restore(self, id: int, user: User, withdrawn_by: str | None) -> LinkRow:
        """Let a withdrawn link be read again; NotFoundError for another's, ForbiddenError where another withdrew it."""
        with self.database.transaction(writing=True) as session:
            link = session.get(Link, id)
            if link is None or link.maker != user.id:
                raise NotFoundError(f"You have no link {id}", field="id")
            if withdrawn_by not in (None, user.id):
                raise ForbiddenError("An administrator withdrew this link: only a new one can be made")
            link.revoked = None
            return _row(link)

    def _patient(self, request: LinkRequest, user: User) -> Patient | None:
        """What the header says, where the maker asks for it and may see it."""
        if not request.patient:
            return None
        repository = self.predictor.repository
        if not repository.shows_patient(user):
            raise ForbiddenError("You may not see what the header says of the patient, and so cannot share it")
        entry = repository.entry(request.recording)
        return Patient(age=entry.age, sex="M" if entry.sex == "M" else "F" if entry.sex == "F" else None)


def frozen(link: Link) -> Frozen:
    """The document of a link."""
    return upgrade.read(link.format, link.document)


def digest(token: str) -> str:
    """The SHA-256 of a token, stored in its place: whoever reads the database cannot open its links."""
    return hashlib.sha256(token.encode()).hexdigest()


def number(link: Link) -> str:
    """The number by which people speak of a link."""
    return link.token_sha256[:NUMBER]


def state_of(link: Link) -> Literal["open", "ended", "withdrawn"]:
    """Whether a link can be read."""
    if link.revoked is not None:
        return "withdrawn"
    return "ended" if link.expires is not None and utc(link.expires) <= datetime.now(UTC) else "open"


def _row(link: Any) -> LinkRow:
    """A link's row of the list; `link` has its columns as attributes, the document or not."""
    fields = {name: getattr(link, name) for name in LinkRow.model_fields if name not in ("number", "state")}
    return LinkRow(**fields, number=number(link), state=state_of(link))
