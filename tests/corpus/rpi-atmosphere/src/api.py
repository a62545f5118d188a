def data_appender(event, context):
    return {"batchItemFailures": []}


def event_receiver(event, context):
    return {}


def fetch_devices(event, context):
    return {}


def fetch_device(event, context):
    return {}


def fetch_metrics(event, context):
    return {}


def fetch_predictions(event, context):
    return {}
