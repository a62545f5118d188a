resource "aws_s3_bucket_cors_configuration" "pictures" {
  bucket = aws_s3_bucket.sensor_profiles.id
  cors_rule {
    allowed_methods = ["GET", "PUT", "POST", "HEAD"]
    allowed_origins = ["*"]
    allowed_headers = ["*"]
  }
}

resource "aws_s3_bucket_ownership_controls" "pictures" {
  bucket = aws_s3_bucket.sensor_profiles.id
  rule { object_ownership = "BucketOwnerPreferred" }
}
