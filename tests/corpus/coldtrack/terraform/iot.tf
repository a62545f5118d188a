resource "aws_iot_thing_type" "esp32_sensor" {
  name = "coldtrack-esp32-sensor"

  properties {
    description           = "ESP32 sensors of temperature"
    searchable_attributes = ["location", "firmware_version"]
  }
}
