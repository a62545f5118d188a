"""Every role is made within the spec's boundary and path."""

from pathlib import Path

TEMPLATES = Path(__file__).parents[2] / "templates"


def test_each_role_has_the_boundary_and_the_path_of_the_spec() -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in TEMPLATES.glob("*.j2")}
    with_roles = {name: text for name, text in texts.items() if '"aws_iam_role": {' in text}
    assert "function.tf.json.j2" in with_roles
    for name, text in with_roles.items():
        for setting in ("permissions_boundary", "role_path"):
            roles = text.count('"assume_role_policy":')
            assert text.count(f"pipeline.{setting}") == roles, f"{name} makes a role without {setting}"
