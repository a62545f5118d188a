def generate_csv_from_daily_data(event, context):
    return {}


def train_models(event, context):
    return {}
