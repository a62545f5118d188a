def get(event, context):
    return {"statusCode": 200, "body": "[]"}


def get_listener_telemetry(event, context):
    return {"statusCode": 200, "body": "[]"}


def get_telem(event, context):
    return {"statusCode": 200, "body": "[]"}


def get_telem_full(event, context):
    return {"statusCode": 200, "body": "[]"}
