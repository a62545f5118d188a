import functools


def lambda_handler(event, context):
    return event


async def asynchronous(event, context):
    return event


def lonely():
    return 1


def greedy(event, context, more):
    return more


def named(event, context, *, more):
    return more


def some(event, *rest, more=1):
    return more


@functools.cache
def decorated():
    return 1


handler_of_old = handler = lambda_handler

if handler:
    def chosen(event, context=None, more=None):
        return event


by_another_name = lonely
