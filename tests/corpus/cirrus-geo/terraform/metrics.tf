resource "aws_cloudwatch_log_group" "workflow_events" {
  name              = "${var.pipeline_prefix}-workflow-event-metrics"
  retention_in_days = 1
}

resource "aws_cloudwatch_log_metric_filter" "workflows" {
  for_each       = { all_workflows_by_event = ["event"], a_workflow_by_event = ["event", "workflow"] }
  name           = each.key
  log_group_name = aws_cloudwatch_log_group.workflow_events.name
  pattern        = join("", ["{", join(" && ", [for field in each.value : "($.${field} = \"*\")"]), "}"])
  metric_transformation {
    name       = each.key
    namespace  = "${var.pipeline_prefix}-workflow"
    value      = "1"
    dimensions = { for field in each.value : field => "$.${field}" }
  }
}

variable "pipeline_prefix" {
  type    = string
  default = "cirrus-dev"
}
