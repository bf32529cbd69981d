"""What the templates of the workspace need of Python."""
