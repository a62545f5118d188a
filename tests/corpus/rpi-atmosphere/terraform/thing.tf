resource "aws_iot_thing" "home" {
  name = "RPi3BHome"
}
