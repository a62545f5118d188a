resource "aws_s3_bucket_ownership_controls" "pictures" {
  bucket = aws_s3_bucket.sensor_profiles.id
  rule { object_ownership = "BucketOwnerPreferred" }
}
