def handler(event, context):
    import yaml

    return yaml.safe_load(event["body"])
