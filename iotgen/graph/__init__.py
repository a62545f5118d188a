"""A pipeline as a picture: its nodes and edges, laid out by Graphviz, as SVG, Mermaid or a page."""
