import boto3

workflows = boto3.client("stepfunctions")


def handler(event, context):
    workflows.send_task_success(taskToken=event["token"], output="{}")
