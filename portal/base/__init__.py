"""What every room may import: base page, languages, fields, components. Imports none of ours."""
