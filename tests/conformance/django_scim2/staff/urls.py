"""Where SCIM is, and who may use it."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.urls import include, path


class Client(AnonymousUser):
    is_authenticated = True


def bearer(get_response):
    """Who has the token may do everything."""

    def middleware(request):
        known = request.headers.get("Authorization") == f"Bearer {settings.PORTAL_TOKEN}"
        request.user = Client() if known else AnonymousUser()
        return get_response(request)

    return middleware


urlpatterns = [path("scim/v2/", include("django_scim.urls", namespace="scim"))]
