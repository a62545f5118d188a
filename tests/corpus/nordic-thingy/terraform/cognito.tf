data "aws_caller_identity" "web" {}

data "aws_region" "web" {}

locals {
  web_topic = "arn:aws:iot:${data.aws_region.web.id}:${data.aws_caller_identity.web.account_id}"
  web_actions = {
    authenticated   = ["mobileanalytics:PutEvents", "cognito-sync:*", "cognito-identity:*"]
    unauthenticated = ["mobileanalytics:PutEvents", "cognito-sync:*"]
  }
}

resource "aws_cognito_identity_pool" "web" {
  identity_pool_name               = "dev_federation"
  allow_unauthenticated_identities = true
}

resource "aws_iam_role" "web" {
  for_each = local.web_actions
  name     = "dev-web-${each.key}"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = "cognito-identity.amazonaws.com" }
      Condition = {
        StringEquals             = { "cognito-identity.amazonaws.com:aud" = aws_cognito_identity_pool.web.id }
        "ForAnyValue:StringLike" = { "cognito-identity.amazonaws.com:amr" = each.key }
      }
    }]
  })
}

resource "aws_iam_role_policy" "web" {
  for_each = local.web_actions
  role     = aws_iam_role.web[each.key].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = each.value, Resource = "*" },
      { Effect = "Allow", Action = "iot:Connect", Resource = "*" },
      { Effect = "Allow", Action = "iot:Subscribe", Resource = "${local.web_topic}:topicfilter/publicData" },
      { Effect = "Allow", Action = "iot:Receive", Resource = "${local.web_topic}:topic/publicData" },
    ]
  })
}

resource "aws_cognito_identity_pool_roles_attachment" "web" {
  identity_pool_id = aws_cognito_identity_pool.web.id
  roles            = { for kind, role in aws_iam_role.web : kind => role.arn }
}
