from django.db import migrations, models
from django.utils import timezone


class Migration(migrations.Migration):
    dependencies = [("referrals", "0002_figures")]
    operations = [
        migrations.AddField(
            "enquiry",
            "consent_how",
            models.CharField(
                choices=[
                    ("spoken", "Said aloud in the meeting"),
                    ("written", "Signed on paper, which the worker's organisation keeps"),
                    ("own", "Sent it without help"),
                ],
                default="spoken",
                max_length=10,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "enquiry", "consent_at", models.DateTimeField(default=timezone.now), preserve_default=False
        ),
    ]
