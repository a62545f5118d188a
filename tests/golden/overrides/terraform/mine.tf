# A key of the project's own, for a queue of iotgen's.
resource "aws_kms_key" "mine" {
  description         = "inbox of ${aws_lambda_function.data_ingestion.function_name}"
  enable_key_rotation = true
}

# What a role of iotgen's may do beside what follows from the spec.
resource "aws_iam_role_policy" "inbox_key" {
  name = "inbox-key"
  role = aws_iam_role.data_ingestion.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "kms:Decrypt", Resource = aws_kms_key.mine.arn }]
  })
}
