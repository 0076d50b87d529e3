"""canaille, an identity server in Python, in memory, on loopback: python server.py PORT TOKEN. It is the program as it is,
with one client whose token may read and change users."""

import datetime
import logging
import sys

from canaille import create_app
from canaille.app import models
from canaille.backends import Backend
from werkzeug.serving import run_simple


def main(port, token):
    app = create_app({"SECRET_KEY": token, "CANAILLE": {"DATABASE": "memory"}, "CANAILLE_OIDC": {}, "CANAILLE_SCIM": {}})
    with app.app_context():
        client = models.Client(client_id="arkib", client_name="arkib")
        Backend.instance.save(client)
        now = datetime.datetime.now(datetime.timezone.utc)
        access = models.Token(
            token_id="arkib", access_token=token, client=client, type="access_token", scope=[], issue_date=now, lifetime=86_400
        )
        Backend.instance.save(access)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    # One request at a time: this backend, meant for trying the program out, has no locks.
    run_simple("127.0.0.1", int(port), app)


if __name__ == "__main__":
    main(*sys.argv[1:])
