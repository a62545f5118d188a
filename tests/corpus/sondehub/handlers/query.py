def get_listener_telemetry(event, context):
    return {"statusCode": 200, "body": "[]"}


def get_sites(event, context):
    return {"statusCode": 200, "body": "[]"}


def get_sondes(event, context):
    return {"statusCode": 200, "body": "[]"}


def get_sondes_site(event, context):
    return {"statusCode": 200, "body": "[]"}


def get_telem(event, context):
    return {"statusCode": 200, "body": "[]"}
