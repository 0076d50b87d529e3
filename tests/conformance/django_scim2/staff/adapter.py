"""A user in SCIM and back. The library leaves what is no attribute of a Django user to the project."""

from django.utils.dateparse import parse_datetime
from django_scim.adapters import SCIMUser

from staff.fields import DATES, EXTENSION, FIELDS


class PersonAdapter(SCIMUser):
    def to_dict(self):
        def shown(value):
            return value.isoformat() if hasattr(value, "isoformat") else value

        user = super().to_dict()
        user["schemas"].append(EXTENSION)
        user["title"] = self.obj.job
        user[EXTENSION] = {name: shown(getattr(self.obj, field)) for name, field in FIELDS.items()}
        return user

    def from_dict(self, user):
        super().from_dict(user)
        self.obj.job = user.get("title") or ""
        for name, value in user.get(EXTENSION, {}).items():
            self.put(FIELDS[name], value)

    def handle_replace(self, path, value, operation):
        self.put(self.ATTR_MAP[path.first_path], value)
        self.save()

    def put(self, field, value):
        setattr(self.obj, field, parse_datetime(value) if field in DATES and value else value)
