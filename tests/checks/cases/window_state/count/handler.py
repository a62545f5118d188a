def handler(event, context):
    return {"state": {"count": event["state"].get("count", 0) + len(event["Records"])}}
