def lambda_handler_helium(event, context):
    return {"statusCode": 200, "body": "[]"}


def lambda_handler_ttn(event, context):
    return {"statusCode": 200, "body": "[]"}
