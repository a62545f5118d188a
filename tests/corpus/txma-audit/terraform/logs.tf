# What the account's other stacks keep: access logs of the buckets, and the lines of functions for the security centre.
data "aws_ssm_parameter" "shared" {
  for_each = toset(["S3LogsBucketName", "CSLSLogsDestination", "CSLSS3LambdaARN"])
  name     = each.key
}

locals {
  audited = {
    message-batch           = aws_s3_bucket.message_batch.id
    temporary-message-batch = aws_s3_bucket.temporary_message_batch.id
    permanent-message-batch = aws_s3_bucket.permanent_message_batch.id
  }
  sent = {
    delivery  = aws_cloudwatch_log_group.message_batch__delivery.name
    delimiter = aws_cloudwatch_log_group.audit_message_delimiter.name
    reingest  = aws_cloudwatch_log_group.audit_firehose_reingest.name
    copy      = aws_cloudwatch_log_group.s3_copy_and_encrypt.name
  }
}

resource "aws_s3_bucket_logging" "audited" {
  for_each      = local.audited
  bucket        = each.value
  target_bucket = data.aws_ssm_parameter.shared["S3LogsBucketName"].value
  target_prefix = "${each.value}/"
}

resource "aws_s3_bucket_metric" "requests" {
  for_each = local.audited
  bucket   = each.value
  name     = "EntireBucket"
}

resource "aws_s3_bucket_metric" "failures" {
  bucket = aws_s3_bucket.message_batch.id
  name   = "Failures"
  filter {
    prefix = "failures/"
  }
}

resource "aws_cloudwatch_log_subscription_filter" "security_centre" {
  for_each        = local.sent
  name            = "security-centre"
  log_group_name  = each.value
  filter_pattern  = ""
  destination_arn = data.aws_ssm_parameter.shared["CSLSLogsDestination"].value
}
