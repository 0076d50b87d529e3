"""Settings of the Django project."""

import os

SECRET_KEY = PORTAL_TOKEN = os.environ["PORTAL_TOKEN"]
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "staff.urls"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ["PORTAL_DATABASE"],
        "OPTIONS": {"init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF", "transaction_mode": "IMMEDIATE"},
    }
}
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django_scim", "staff"]
AUTH_USER_MODEL = "staff.Person"
MIDDLEWARE = ["staff.urls.bearer"]
SCIM_SERVICE_PROVIDER = {
    "NETLOC": "portal.agensi.example",
    "AUTHENTICATION_SCHEMES": [{"type": "oauthbearertoken", "name": "Bearer", "description": "A bearer token"}],
    "USER_ADAPTER": "staff.adapter.PersonAdapter",
    "USER_FILTER_PARSER": "staff.filters.PersonFilter",
    "SCHEMAS_GETTER": "staff.fields.schemas",
}
