"""GET /api/vocabularies."""

from fastapi import APIRouter

from backend.current_user import at_least
from backend.deps import problems
from backend.readings.schemas import OTHERS
from backend.vocabularies.schemas import VocabulariesResponse, VocabularyLabel, VocabularyResponse
from models.vocabularies import Vocabulary, vocabularies

router = APIRouter(tags=["vocabularies"], dependencies=[at_least("reader")])


@router.get("/vocabularies", summary="List vocabularies", responses=problems(401, 403))
def list_vocabularies() -> VocabulariesResponse:
    """List every vocabulary with its labels, their colours' groups and their keys."""
    return VocabulariesResponse(vocabularies=[_response(item) for item in vocabularies().values()], others=list(OTHERS))


def _response(item: Vocabulary) -> VocabularyResponse:
    return VocabularyResponse(
        name=item.name, title=item.title, labels=[VocabularyLabel(**vars(label)) for label in item.labels]
    )
