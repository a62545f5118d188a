"""The resolved pipeline: frozen data named after AWS's nouns, with defaults and references resolved."""
