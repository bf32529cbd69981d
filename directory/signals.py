"""What the directory tells the rooms above it, which it does not know. Declared here, sent by models and actions."""

from django.dispatch import Signal

# Sent after services were saved with their parts, changed in passing (organisation, place, term) or deleted.
# Argument: keys, the UUIDs of the services.
services_changed = Signal()
