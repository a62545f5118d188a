import strange
import some_strange_thing.part


def handler(event, context):
    return strange, some_strange_thing
