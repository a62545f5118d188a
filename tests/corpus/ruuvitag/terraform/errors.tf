# Where the rules log what they fail at.
resource "aws_cloudwatch_log_group" "rule_errors" {
  for_each          = toset(["/aws/iot/rule/ruuvitag_to_dynamodb_dev/errors", "/aws/iot/ruuvitag_to_grafana_dev"])
  name              = each.key
  retention_in_days = 14
}
