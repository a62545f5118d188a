resource "aws_kms_key" "mine" {
  enable_key_rotation = true
}
