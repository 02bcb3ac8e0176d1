"""For routes: explanations of one beat."""

from typing import Annotated

from backend.deps import provide
from backend.explanations.service import Explanations

ExplanationsDep = Annotated[Explanations, provide("explanations")]
