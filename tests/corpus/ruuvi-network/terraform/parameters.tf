data "aws_ssm_parameter" "ruuvi" {
  for_each = toset(["db-username", "db-password", "signing-secret", "internal-api-key"])
  name     = "dev-ruuvi-${each.key}"
}

locals {
  api_address = "https://${aws_api_gateway_rest_api.ruuvi_network_api.id}.execute-api.eu-central-1.amazonaws.com/dev"
}
