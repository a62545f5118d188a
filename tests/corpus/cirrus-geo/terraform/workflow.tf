resource "aws_iam_role" "minimal_workflow" {
  name = "${var.pipeline_prefix}-minimal-workflow"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "states.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_sfn_state_machine" "minimal" {
  name     = "${var.pipeline_prefix}-minimal"
  role_arn = aws_iam_role.minimal_workflow.arn
  definition = jsonencode({
    StartAt = "Check"
    States = {
      Check   = { Type = "Choice", Choices = [{ Variable = "$.process[0].succeed", BooleanEquals = true, Next = "Done" }], Default = "Failed" }
      Done    = { Type = "Succeed" }
      Failed = { Type = "Fail", Error = "WorkflowMismatch" }
    }
  })
}

variable "pipeline_prefix" {
  type    = string
  default = "cirrus-dev"
}
