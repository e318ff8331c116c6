"""Who may ask."""

import hmac
from typing import Annotated

from fastapi import HTTPException, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from raincast.settings import secret

_bearer = HTTPBearer(auto_error=False, description="the API_KEY that the service was started with")


async def require_token(
    given: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
) -> None:
    """Refuses a caller without the right token.

    Raises:
        HTTPException: 401 without it.
        MissingSetting: the service itself has none.
    """
    if given is None:
        raise _refused("a token is needed: send `Authorization: Bearer API_KEY`")
    if not hmac.compare_digest(given.credentials.encode(), secret("API_KEY").encode()):
        raise _refused("the token is not the one that this service expects")


def _refused(detail: str) -> HTTPException:
    return HTTPException(401, detail, {"WWW-Authenticate": "Bearer"})
