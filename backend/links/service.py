"""Links: freeze a beat with its explanations, and read it again years later."""

import hashlib
import secrets
from datetime import UTC, datetime

from sqlalchemy import select

from backend.database import Database
from backend.errors import ConflictError
from backend.explanations.service import Explanations
from backend.links.freezing import freeze
from backend.links.live import compare
from backend.links.schemas import FORMAT, Frozen, LinkDocument, LinkOut, LinkRequest
from backend.links.tables import Link
from backend.predictions.service import Place, Predictor
from models.errors import InvalidError, NotFoundError
from models.explainers import parse
from models.explaining import explanation_id
from models.explanation import Explanation

TOKEN_BYTES = 24  # 192 bits: nobody finds a link by trying


class Links:
    """Creates and reads links."""

    def __init__(self, database: Database, predictor: Predictor, explanations: Explanations) -> None:
        self.database = database
        self.predictor = predictor
        self.explanations = explanations

    def create(self, request: LinkRequest) -> LinkOut:
        """Freeze it and give the address; the token is stored nowhere."""
        place = self.predictor.place(request.recording, request.beat, request.lead, request.model)
        results = [self._finished(id, place) for id in dict.fromkeys(request.explanations)]
        now = datetime.now(UTC)
        document = freeze(self.predictor, place, results, request.title.strip(), request.note.strip(), now)
        token = secrets.token_urlsafe(TOKEN_BYTES)
        with self.database.transaction() as session:
            session.add(
                Link(token_sha256=digest(token), created=now, format=FORMAT, document=document.model_dump_json())
            )
        return LinkOut(token=token, url=f"/s/{token}")

    def read(self, token: str) -> LinkDocument:
        """The frozen document, and how today's answer compares."""
        with self.database.transaction() as session:
            row = session.scalar(select(Link).where(Link.token_sha256 == digest(token)))
        if row is None:
            raise NotFoundError("There is no such link: check that its address is complete", field="token")
        if row.format > FORMAT:
            raise ConflictError("This link was made by a newer version of Beatlens than this one")
        frozen = Frozen.model_validate_json(row.document)
        return LinkDocument(**dict(frozen), live=compare(self.predictor, frozen))

    def _finished(self, id: str, place: Place) -> Explanation:
        """The result under this id; refuses what is not finished and what is of another beat."""
        status = self.explanations.status(id)
        if status.result is None:
            raise ConflictError(f"Explanation {id} is {status.status}: share it once it is done", field="explanations")
        found = status.result
        method = parse({"method": found.method, **found.parameters})
        if explanation_id(place.model, place.window().input, found.target.index, method) != id:
            message = f"Explanation {id} is not of this beat, lead and model ({place.model.card.id})"
            raise InvalidError(message, field="explanations")
        return found


def digest(token: str) -> str:
    """What is stored in the token's place: whoever reads the database cannot open its links."""
    return hashlib.sha256(token.encode()).hexdigest()
