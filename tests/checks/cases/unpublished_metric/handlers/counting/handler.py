METRICS = {"errors": "ProcessingErrors"}


def handler(event, context):
    return {"Batch" + kind: METRICS[kind] for kind in METRICS}
