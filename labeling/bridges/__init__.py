"""Ways to and from the spaCy world: a pipeline component, rule exchange, an independent second reader."""
