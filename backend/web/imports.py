"""JSON of imports from tables, which all have two steps: a preview, and the import."""

from typing import Any

import marshmallow as ma
from flask_smorest.fields import Upload
from marshmallow import validate

from backend.sheets import Sheet
from backend.sheets.preview import OUTCOMES, ImportPreview
from backend.web.i18n import language
from backend.web.schema import FullMatch, Schema

# The refusals of an operation that reads an uploaded table.
TABLE_REFUSED = {
    "c413": "too_large",
    "c422": "bad_sheet, bad_rows, too_demanding, invalid",
    "c503": "busy",
}


class ImportFile(Schema):
    """An Excel or CSV file."""

    file = Upload(required=True)


class AgreedQuery(Schema):
    """The seal of the preview that was agreed to.

    Without it the import is not compared with a preview.
    """

    agreed = ma.fields.String(
        load_default=None,
        validate=FullMatch("^[0-9A-Za-z_-]{1,64}$"),
        metadata={"description": "`agreed` of the preview."},
    )


class ImportedRows(Schema):
    """How many rows an import has added; `unchanged` existed with the same facts."""

    added = ma.fields.Integer(required=True)
    unchanged = ma.fields.Integer(required=True)


class PreviewRowBody(Schema):
    """A row of the file. A row with `errors` is `wrong`, and prevents the import of the file."""

    row = ma.fields.Integer(required=True, metadata={"description": "As Excel numbers it."})
    cells = ma.fields.List(
        ma.fields.String(), required=True, metadata={"description": "In the order of `columns`."}
    )
    outcome = ma.fields.String(required=True, validate=validate.OneOf(OUTCOMES))
    changes = ma.fields.List(ma.fields.String(), required=True)
    errors = ma.fields.List(ma.fields.String(), required=True)
    warnings = ma.fields.List(ma.fields.String(), required=True)


class ImportPreviewBody(Schema):
    """What an import would do.

    `gone` names the rows that the file lacks and the import would end; `agreed`, the seal, is null
    while a row is wrong.
    """

    columns = ma.fields.List(ma.fields.String(), required=True)
    rows = ma.fields.List(ma.fields.Nested(PreviewRowBody), required=True)
    counts = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.Integer(),
        required=True,
        metadata={"description": "How many rows have which `outcome`."},
    )
    notes = ma.fields.List(ma.fields.String(), required=True)
    gone = ma.fields.List(ma.fields.String(), required=True)
    agreed = ma.fields.String(required=True, allow_none=True)


def shown_import(added: int, sheet: Sheet) -> dict[str, int]:
    """Return the result of an import for `ImportedRows`."""
    return {"added": added, "unchanged": len(sheet.rows) - added}


def shown_preview(preview: ImportPreview) -> dict[str, Any]:
    """Return a preview for `ImportPreviewBody`, in the language of the request."""
    spoken = language()
    return {
        "columns": list(preview.columns),
        "rows": [
            {
                "row": row.row,
                "cells": list(row.cells),
                "outcome": row.outcome.word,
                "changes": [text.said(spoken) for text in row.outcome.changes],
                "errors": [text.said(spoken) for text in row.errors],
                "warnings": [text.said(spoken) for text in row.warnings],
            }
            for row in preview.rows
        ],
        "counts": preview.counts,
        "notes": [note.said(spoken) for note in preview.notes],
        "gone": list(preview.gone),
        "agreed": preview.seal if preview.is_importable else None,
    }
