"""What the directory tells the rooms above it, which it does not know. Declared here, sent by models and actions."""

from django.dispatch import Signal

# Sent after services were saved with their parts, changed in passing (organisation, place, term) or deleted.
# Argument: keys, the UUIDs of the services.
services_changed = Signal()

# Two organisations were made one. Sent inside the transaction; services and people have moved already. Arguments: keep,
# drop.
organisations_merged = Signal()

# An edit was approved, sent back or replaced. Argument: review.
review_decided = Signal()

# A reader told of a mistake; a report was answered. Argument: report.
report_made = Signal()
report_answered = Signal()

# A person was invited; a claim was decided; a membership began, changed or ended. Arguments: invitation; claim;
# organisation, user, change, by, role, services.
invited = Signal()
claim_decided = Signal()
team_changed = Signal()

# Somebody is asked whether their listings are right (directory.keeping): the letter is for whoever knows the pages to
# answer on. Sent in the transaction that writes the question. Argument: notice.
notice_made = Signal()

# The sample directory is about to be taken away: what rooms above have hung on it goes first. Sent inside the
# transaction of directory.sample.remove. No arguments.
removing_sample = Signal()
