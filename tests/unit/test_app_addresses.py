"""The first page under its own name."""

import asyncio

import httpx
import pytest
from starlette.applications import Starlette

from raincast.app import addresses


def answered(path: str) -> httpx.Response:
    app = Starlette(routes=[addresses.of_first("stations")])

    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
            return await client.get(path)

    return asyncio.run(asked())


@pytest.mark.parametrize(
    ("asked", "leads_to"),
    [
        ("/stations", "."),
        ("/stations?lang=en&place=Cairns", ".?lang=en&place=Cairns"),
    ],
)
def test_the_first_pages_own_name_leads_to_its_folder_with_what_was_asked(asked, leads_to):
    answer = answered(asked)
    assert (answer.status_code, answer.headers["location"]) == (307, leads_to)
