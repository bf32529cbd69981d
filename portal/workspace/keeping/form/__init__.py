"""The form of a service, step by step: one topic a page, saved at every step, nothing typed lost."""
