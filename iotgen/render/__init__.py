"""Renders the resolved pipeline to Terraform JSON with the templates."""
