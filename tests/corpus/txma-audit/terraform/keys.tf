# Keys that the account has already, of what the spec can name no key for.
data "aws_ssm_parameter" "key" {
  for_each = toset(["FirehoseKmsKeyArn", "LambdaKmsKeyArn", "LogsKmsKeyArn"])
  name = each.key
}

locals {
  keys = { for name, parameter in data.aws_ssm_parameter.key : name => parameter.value }
}

# Functions may use those of their environments, and of the delivery that they put into.
resource "aws_iam_role_policy" "keys" {
  for_each = {
    copy      = { role = aws_iam_role.s3_copy_and_encrypt.id, keys = [] }
    reingest  = { role = aws_iam_role.audit_firehose_reingest.id, keys = ["FirehoseKmsKeyArn"] }
    redrive   = { role = aws_iam_role.redrive_sns_dlq_events.id, keys = ["FirehoseKmsKeyArn"] }
    rotation  = { role = aws_iam_role.s3_key_rotation.id, keys = [] }
    delimiter = { role = aws_iam_role.audit_message_delimiter.id, keys = [] }
  }
  name = "keys"
  role = each.value.role
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource = [for key in concat(each.value.keys, ["LambdaKmsKeyArn"]) : local.keys[key]]
    }]
  })
}

data "aws_secretsmanager_secret_version" "tracing" {
  secret_id = "arn:aws:secretsmanager:eu-west-2:216552277552:secret:DynatraceNonProductionVariables"
}

locals {
  tracing = jsondecode(data.aws_secretsmanager_secret_version.tracing.secret_string)
}
