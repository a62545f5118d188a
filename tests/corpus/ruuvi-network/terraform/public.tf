locals {
  api_address = "https://${aws_api_gateway_rest_api.ruuvi_network_api.id}.execute-api.eu-central-1.amazonaws.com/dev"
}

resource "aws_s3_bucket_ownership_controls" "pictures" {
  bucket = aws_s3_bucket.sensor_profiles.id
  rule { object_ownership = "BucketOwnerPreferred" }
}
