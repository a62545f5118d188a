"""The resolved pipeline to Terraform JSON, through the templates."""
