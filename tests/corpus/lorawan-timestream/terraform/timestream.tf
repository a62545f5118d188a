resource "aws_timestreamwrite_database" "lorawan" {
  database_name = "lorawan"
}

resource "aws_timestreamwrite_table" "lorawan" {
  for_each      = toset(["telemetry", "metadata"])
  database_name = aws_timestreamwrite_database.lorawan.database_name
  table_name    = each.key
  retention_properties {
    memory_store_retention_period_in_hours  = 24
    magnetic_store_retention_period_in_days = 5
  }
}
