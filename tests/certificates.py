"""What a client of HTTP trusts, read once: each that reads it for itself takes 20 ms of a
processor, and a test that waits asks again and again.
"""

import httpx

TRUSTED = httpx.create_ssl_context()
