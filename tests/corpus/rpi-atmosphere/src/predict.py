def deploy_models(event, context):
    return {}


def predict_daily_atmospheric_metrics(event, context):
    return {}
