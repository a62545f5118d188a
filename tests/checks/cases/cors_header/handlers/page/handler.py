HEADERS = {"access-control-allow-origin": "https://ui.example.com"}


def handler(event, context):
    return {"statusCode": 200, "headers": HEADERS, "body": "{}"}
