def history(event, context):
    return {"statusCode": 200, "body": "[]"}
