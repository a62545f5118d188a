def lambda_handler(event, context):
    return {"statusCode": 200, "body": "[]"}


def query(event, context):
    return {"statusCode": 200, "body": "[]"}
