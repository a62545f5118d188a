resource "aws_timestreamwrite_database" "data" { database_name = "iotCdkAppDB" }
resource "aws_timestreamwrite_table" "data" {
  database_name = aws_timestreamwrite_database.data.database_name
  table_name    = "iotCdkAppDBTable"
}
resource "aws_iot_authorizer" "custom" {
  name                    = "iotCustomAuthorizer"
  authorizer_function_arn = aws_lambda_function.auth.arn
  signing_disabled        = true
  status                  = "ACTIVE"
}
