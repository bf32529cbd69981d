"""The editorial site: home, text, stage and glossary pages, navigation, help now."""
