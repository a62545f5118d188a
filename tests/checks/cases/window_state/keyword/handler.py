def handler(event, context):
    return dict(state={}, batchItemFailures=[])
