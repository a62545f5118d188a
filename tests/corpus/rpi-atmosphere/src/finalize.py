def cleanup_resources(event, context):
    return {}
