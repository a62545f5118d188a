# Who read the buckets, in a bucket that all of the account's logs go to.
resource "aws_s3_bucket_logging" "metrics" {
  for_each = {
    masked   = aws_s3_bucket.masked_metrics.id
    unmasked = aws_s3_bucket.unmasked_metrics.id
    samples  = aws_s3_bucket.error_samples.id
  }
  bucket        = each.value
  target_bucket = "cbs-satellite-123456789012"
  target_prefix = "s3_access_logs/${each.value}/"
}
