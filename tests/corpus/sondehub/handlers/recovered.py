def get(event, context):
    return {"statusCode": 200, "body": "[]"}


def put(event, context):
    return {"statusCode": 200, "body": "[]"}


def stats(event, context):
    return {"statusCode": 200, "body": "[]"}
