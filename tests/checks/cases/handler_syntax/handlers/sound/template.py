def template({{ name }}):
