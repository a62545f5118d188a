"""The resolved pipeline: frozen data named after AWS's nouns, defaults and references settled."""
