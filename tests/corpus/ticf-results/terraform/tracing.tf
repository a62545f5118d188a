# What the functions' tracing needs, in a secret of another account.
data "aws_secretsmanager_secret_version" "tracing" {
  secret_id = "arn:aws:secretsmanager:eu-west-2:216552277552:secret:DynatraceNonProductionVariables"
}

locals {
  tracing = jsondecode(data.aws_secretsmanager_secret_version.tracing.secret_string)
}
