"""Addresses that Streamlit does not know."""

from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Route


def of_first(page: str) -> Route:
    """The first page under its own name: Streamlit answers only at the folder's address, and says
    that there is no such page. The question stays; the address is relative, as a proxy may stand
    before it.
    """
    return Route(f"/{page}", _to_folder)


def _to_folder(request: Request) -> RedirectResponse:
    asked = request.url.query
    return RedirectResponse(f".?{asked}" if asked else ".")
