"""The types of MiniStack's handlers and their results."""

from collections.abc import Awaitable, Callable

Answer = tuple[int, dict[str, str], bytes]
"""Status, headers and body."""
Operation = Callable[..., Answer]
Handler = Callable[..., Awaitable[Answer]]
"""Answers a call: its method, path, headers, body and query."""
