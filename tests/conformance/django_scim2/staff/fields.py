"""The attributes of arkib's extension, and the fields that hold them."""

from django_scim.schemas import default_schemas_getter

EXTENSION = "urn:ietf:params:scim:schemas:extension:arkib:2.0:Mailbox"
FIELDS = {
    "state": "archive",
    "request": "archive_request",
    "changedAt": "archive_changed",
    "recoverableUntil": "archive_kept",
    "hold": "on_hold",
    "account": "account",
}
DATES = ("archive_changed", "archive_kept")
TYPES = {"changedAt": "dateTime", "recoverableUntil": "dateTime", "hold": "boolean"}


def attribute(name):
    return {
        "name": name,
        "type": TYPES.get(name, "string"),
        "multiValued": False,
        "description": name,
        "required": False,
        "caseExact": False,
        "mutability": "readWrite",
        "returned": "default",
        "uniqueness": "none",
    }


def schemas():
    """Those of the library, and the extension."""
    extension = {"id": EXTENSION, "name": "Mailbox", "description": "An archive mailbox", "attributes": [*map(attribute, FIELDS)]}
    return [*default_schemas_getter(), extension]
