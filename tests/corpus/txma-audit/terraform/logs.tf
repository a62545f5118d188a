# What the account's other stacks keep: the lines of functions for the security centre.
data "aws_ssm_parameter" "shared" {
  for_each = toset(["CSLSLogsDestination"])
  name     = each.key
}

locals {
  sent = {
    delivery  = aws_cloudwatch_log_group.message_batch__delivery.name
    delimiter = aws_cloudwatch_log_group.audit_message_delimiter.name
    reingest  = aws_cloudwatch_log_group.audit_firehose_reingest.name
    copy      = aws_cloudwatch_log_group.s3_copy_and_encrypt.name
  }
}

resource "aws_cloudwatch_log_subscription_filter" "security_centre" {
  for_each        = local.sent
  name            = "security-centre"
  log_group_name  = each.value
  filter_pattern  = ""
  destination_arn = data.aws_ssm_parameter.shared["CSLSLogsDestination"].value
}
