"""Uploads of recordings, and their removal."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from backend.audit.deps import AuditDep
from backend.current_user import Lead
from backend.deps import SettingsDep, problems
from backend.uploads.deps import UploadDep
from backend.uploads.schemas import RemovedUploadsResponse, UploadResponse
from backend.uploads.unpacking import Sent
from models.errors import InvalidError
from models.records.stated import FASTEST, MILLIVOLTS, SLOWEST

router = APIRouter(prefix="/uploads", tags=["uploads"])
UploadId = Annotated[str, Path(pattern="^[0-9a-f]{12,32}$", description="Id of an upload")]
UNITS = ("mV", "µV", "uV", "V", "nV")
FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["files"],
                    "properties": {
                        "files": {
                            "type": "array",
                            "minItems": 1,
                            "items": {"type": "string", "format": "binary"},
                            "description": "WFDB files or a zip of them, EDF(+), CSV",
                        },
                        "fs": {"type": "number", "description": "Hz, of CSV files that do not state it"},
                        "unit": {"enum": list(UNITS), "description": "Of CSV files that do not state it"},
                    },
                }
            }
        },
    }
}


@router.post(
    "",
    status_code=201,
    summary="Upload recordings",
    openapi_extra=FORM,
    responses=problems(401, 403, 409, 413, 422, 503),
)
async def upload(
    request: Request, settings: SettingsDep, uploads: UploadDep, audit: AuditDep, user: Lead
) -> UploadResponse:
    """Take the recordings of a form: all of them, or, where anything is wrong, none."""
    try:  # the body is read only now, when it is known that its sender may send it
        async with request.form(max_files=settings.max_upload_files, max_fields=8) as form:
            sent = [Sent(file.filename or "", file.file) for file in files(form)]
            fs, unit = stated_fs(form), stated_unit(form)
            taken = await run_in_threadpool(uploads.accept, sent, fs, unit)
    except UnicodeDecodeError as error:
        raise InvalidError("The form is not text in UTF-8") from error
    await run_in_threadpool(audit.record, user.id, "uploaded", taken.id)
    return taken


@router.get("/removed", summary="List removed uploads", responses=problems(401, 403))
def list_removed(uploads: UploadDep, _: Lead) -> RemovedUploadsResponse:
    """List the uploads that were removed and can still be restored."""
    return uploads.list_removed()


@router.delete("/{id}", summary="Remove an upload", responses=problems(401, 403, 404, 409, 422))
def remove(uploads: UploadDep, audit: AuditDep, user: Lead, id: UploadId) -> UploadResponse:
    """Remove an upload's recordings; for seven days they can be restored. Readings and links of them stay."""
    uploads.remove(id)
    audit.record(user.id, "removed", id)
    return UploadResponse(id=id, recordings=[])


@router.post("/{id}/restore", summary="Restore a removed upload", responses=problems(401, 403, 404, 422))
def restore(uploads: UploadDep, audit: AuditDep, user: Lead, id: UploadId) -> UploadResponse:
    """Restore an upload that was removed: its recordings are listed again, under the ids that they had."""
    restored = uploads.restore(id)
    audit.record(user.id, "restored", id)
    return restored


def files(form: FormData) -> list[UploadFile]:
    """The files of the form; InvalidError for none."""
    found = [part for part in form.getlist("files") if isinstance(part, UploadFile)]
    if not found:
        raise InvalidError("The form holds no file: send them as `files`", field="files")
    return found


def stated_fs(form: FormData) -> float | None:
    """The sampling frequency (Hz), where given."""
    text = str(form.get("fs") or "").strip()
    if not text:
        return None
    try:
        fs = float(text)
    except ValueError:
        fs = float("nan")
    if not SLOWEST <= fs <= FASTEST:
        raise InvalidError(f"fs = {text[:40]!r}: expected {SLOWEST:g} to {FASTEST:g} (Hz)", field="fs")
    return fs


def stated_unit(form: FormData) -> str | None:
    """The unit, where given."""
    text = str(form.get("unit") or "").strip()
    if text and text.lower() not in MILLIVOLTS:
        raise InvalidError(f"unit = {text[:40]!r}: expected {', '.join(UNITS)}", field="unit", options=UNITS)
    return text or None
