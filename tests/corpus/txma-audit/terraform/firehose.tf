# What the delivery stream may do beside writing: have the function transform the records.
resource "aws_iam_role_policy" "transform" {
  name = "transform"
  role = aws_iam_role.message_batch__delivery.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["lambda:InvokeFunction", "lambda:GetFunctionConfiguration"]
      Resource = "${aws_lambda_function.audit_message_delimiter.arn}:*"
    }]
  })
}

# The events of a topic go into the delivery stream, undelivered ones into a queue.
resource "aws_iam_role" "subscription" {
  name = "audit-message-batch-subscription"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "sns.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "subscription" {
  name = "deliver"
  role = aws_iam_role.subscription.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["firehose:DescribeDeliveryStream", "firehose:PutRecord", "firehose:PutRecordBatch"]
      Resource = aws_kinesis_firehose_delivery_stream.message_batch.arn
    }]
  })
}

resource "aws_sns_topic_subscription" "message_batch" {
  topic_arn             = "arn:aws:sns:eu-west-2:123456789012:event-processor"
  protocol              = "firehose"
  endpoint              = aws_kinesis_firehose_delivery_stream.message_batch.arn
  subscription_role_arn = aws_iam_role.subscription.arn
  raw_message_delivery  = true
  redrive_policy        = jsonencode({ deadLetterTargetArn = aws_sqs_queue.delivery_stream_dead_letters.arn })
}

resource "aws_sqs_queue_policy" "delivery_stream_dead_letters" {
  queue_url = aws_sqs_queue.delivery_stream_dead_letters.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sqs:SendMessage"
      Principal = { Service = "sns.amazonaws.com" }
      Resource  = aws_sqs_queue.delivery_stream_dead_letters.arn
      Condition = { ArnEquals = { "aws:SourceArn" = "arn:aws:sns:eu-west-2:123456789012:event-processor" } }
    }]
  })
}
