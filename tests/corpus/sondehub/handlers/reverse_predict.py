def predict(event, context):
    return {"statusCode": 200, "body": "[]"}
