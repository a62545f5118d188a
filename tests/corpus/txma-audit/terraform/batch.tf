# By which S3 Batch Operations has the stored objects encrypted anew.
resource "aws_iam_role" "batch_operations" {
  name = "audit-batch-operations"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "batchoperations.s3.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy" "batch_operations" {
  role = aws_iam_role.batch_operations.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"], Resource = "${aws_s3_bucket.permanent_message_batch.arn}/*" },
      { Effect = "Allow", Action = "lambda:InvokeFunction", Resource = aws_lambda_function.s3_key_rotation.arn },
    ]
  })
}
