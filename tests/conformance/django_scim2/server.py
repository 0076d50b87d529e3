"""A portal in Python with django-scim2, on SQLite, on loopback: python server.py PORT TOKEN DATABASE."""

import os
import sys
from pathlib import Path


def main(port, token, database):
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    os.environ.update(DJANGO_SETTINGS_MODULE="staff.settings", PORTAL_TOKEN=token, PORTAL_DATABASE=database)

    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)
    call_command("runserver", f"127.0.0.1:{port}", "--noreload", "--skip-checks", verbosity=0)


if __name__ == "__main__":
    main(*sys.argv[1:])
