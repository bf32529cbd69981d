"""The shared base: fields, blocks, loading."""
