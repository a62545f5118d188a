# What the API answers to those who are refused.
resource "aws_api_gateway_gateway_response" "denied" {
  rest_api_id   = aws_api_gateway_rest_api.secure_fraud_site_api.id
  response_type = "ACCESS_DENIED"
  response_templates = {
    "application/json" = jsonencode({ message = "Access denied: connect to the VPN, if you should have access" })
  }
}
