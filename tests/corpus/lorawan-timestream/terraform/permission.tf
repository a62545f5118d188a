# The rule's SQL calls this function, beside the rule's own targets.
resource "aws_lambda_permission" "transform_from_sql" {
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.transform.function_name
  principal      = "iot.amazonaws.com"
  source_account = data.aws_caller_identity.current.account_id
  source_arn     = aws_iot_topic_rule.store.arn
}
