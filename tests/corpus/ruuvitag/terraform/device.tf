# The gateway: its thing and certificate, which may connect as itself and publish below its topics.
resource "aws_iot_thing" "gateway" {
  name = "ruuvi-gateway"
}

resource "aws_iot_certificate" "gateway" {
  active = true
}

resource "aws_iot_policy" "gateway" {
  name = "ruuvi-gateway"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "iot:Connect", Resource = "arn:aws:iot:eu-north-1:${data.aws_caller_identity.current.account_id}:client/ruuvi-gateway" },
      { Effect = "Allow", Action = "iot:Publish", Resource = "arn:aws:iot:eu-north-1:${data.aws_caller_identity.current.account_id}:topic/ruuvitag/*" },
    ]
  })
}

resource "aws_iot_thing_principal_attachment" "gateway" {
  thing     = aws_iot_thing.gateway.name
  principal = aws_iot_certificate.gateway.arn
}

resource "aws_iot_policy_attachment" "gateway" {
  policy = aws_iot_policy.gateway.name
  target = aws_iot_certificate.gateway.arn
}
