"""Filters as SQL."""

from django_scim.filters import UserFilterQuery

from staff.fields import EXTENSION, FIELDS


class PersonFilter(UserFilterQuery):
    attr_map = {
        **UserFilterQuery.attr_map,
        ("title", None, None): "job",
        **{(name, None, EXTENSION): field for name, field in FIELDS.items()},
    }
