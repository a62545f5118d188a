resource "aws_iot_thing" "thingy" {
  name = "dev_thingy_52"
}

resource "aws_iot_policy" "router" {
  name = "ble-router"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "iot:*", Resource = "*" }]
  })
}
