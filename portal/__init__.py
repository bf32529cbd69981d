"""The project: settings and URLs at the top, the editorial site and workspaces, the shared base at the bottom."""
