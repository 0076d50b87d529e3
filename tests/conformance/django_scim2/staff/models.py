"""The agency's users: an archive is some fields of theirs."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django_scim.models import AbstractSCIMUserMixin


class Person(AbstractSCIMUserMixin, AbstractUser):
    job = models.CharField(max_length=100, blank=True)
    archive = models.CharField(max_length=40, blank=True)
    archive_request = models.CharField(max_length=100, null=True)
    archive_changed = models.DateTimeField(null=True)
    archive_kept = models.DateTimeField(null=True)
    on_hold = models.BooleanField(default=False)
    account = models.CharField(max_length=40, blank=True)

    @property
    def scim_groups(self):
        return self.groups
