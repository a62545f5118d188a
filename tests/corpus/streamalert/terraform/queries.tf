resource "aws_iam_role" "scheduled_queries_machine" {
  name = "scheduled-queries-machine"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = ["states.amazonaws.com", "events.amazonaws.com"] }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy" "scheduled_queries_machine" {
  role = aws_iam_role.scheduled_queries_machine.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "lambda:InvokeFunction", Resource = aws_lambda_function.scheduled_queries.arn },
      { Effect = "Allow", Action = "states:StartExecution", Resource = aws_sfn_state_machine.scheduled_queries.arn },
    ]
  })
}

resource "aws_sfn_state_machine" "scheduled_queries" {
  name     = "scheduled-queries"
  role_arn = aws_iam_role.scheduled_queries_machine.arn
  definition = jsonencode({
    StartAt = "Run"
    States = {
      Run    = { Type = "Task", Resource = aws_lambda_function.scheduled_queries.arn, Next = "Check" }
      Check  = { Type = "Choice", Choices = [{ Variable = "$.done", NumericEquals = 1, Next = "Done" }], Default = "Wait" }
      Wait   = { Type = "Wait", Seconds = 15, Next = "Run" }
      Done   = { Type = "Succeed" }
    }
  })
}

resource "aws_cloudwatch_event_rule" "scheduled_queries" {
  schedule_expression = "rate(1 hour)"
}

resource "aws_cloudwatch_event_target" "scheduled_queries" {
  rule     = aws_cloudwatch_event_rule.scheduled_queries.name
  arn      = aws_sfn_state_machine.scheduled_queries.arn
  role_arn = aws_iam_role.scheduled_queries_machine.arn
}
