"""For routes: the gallery of groups."""

from typing import Annotated

from backend.deps import provide
from backend.groups.gallery import Gallery

GalleryDep = Annotated[Gallery, provide("gallery")]
