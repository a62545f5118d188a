# The key that the account has already for log groups, whose spec has one key for a function and its logs.
data "aws_ssm_parameter" "logs_key" {
  name = "LogsKmsKeyArn"
}

data "aws_secretsmanager_secret_version" "tracing" {
  secret_id = "arn:aws:secretsmanager:eu-west-2:216552277552:secret:DynatraceNonProductionVariables"
}

locals {
  tracing = jsondecode(data.aws_secretsmanager_secret_version.tracing.secret_string)
}
