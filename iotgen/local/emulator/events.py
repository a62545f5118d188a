"""A few asynchronous invocations run concurrently and the others wait, as on AWS.

Otherwise a burst of objects in a bucket would start hundreds of threads, which would time out.
"""

import threading
from contextlib import nullcontext
from contextvars import ContextVar, copy_context
from typing import Any


def mend_events(lambda_svc: Any, at_once: int) -> None:
    """Make this MiniStack module queue asynchronous invocations, of which `at_once` run concurrently."""
    slots, is_queued = threading.BoundedSemaphore(at_once), ContextVar("is_queued", default=False)
    invoke, execute = lambda_svc.invoke_async_with_retry, lambda_svc._execute_function

    def queue(func: Any, event: Any) -> None:
        is_queued.set(True)
        invoke(func, event)

    def execute_function(*args: Any, **kwargs: Any) -> Any:
        with slots if is_queued.get() else nullcontext():
            return execute(*args, **kwargs)

    # MiniStack's thread for the invocation copies the context of its caller.
    lambda_svc.invoke_async_with_retry = lambda func, event: copy_context().run(queue, func, event)
    lambda_svc._execute_function = execute_function
