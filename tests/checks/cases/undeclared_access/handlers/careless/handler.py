import os

from store import Store

READINGS = os.environ["TABLE_RAW_SENSR_DATA"]
JOBS = os.getenv("QUEUE_JOBZ")


def handler(event, context):
    return Store().read(), os.environ["BUCKET_FILES"], os.environ["TOPIC_NEWS"]
