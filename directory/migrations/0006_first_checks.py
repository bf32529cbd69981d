"""Every check is kept since there is a table for it: those that services remember become its first rows."""

from django.db import migrations


def keep_checks(apps, schema_editor):
    Service, Check = apps.get_model("directory", "Service"), apps.get_model("directory", "Check")
    checked = Service.objects.exclude(checked_on=None).order_by("translation_key", "pk")
    rows = {}
    for key, on, by, how in checked.values_list("translation_key", "checked_on", "checked_by", "checked_how"):
        rows.setdefault(key, Check(key=key, on=on, by_id=by, how=how))
    Check.objects.bulk_create(rows.values())


class Migration(migrations.Migration):
    dependencies = [("directory", "0005_mailing")]

    operations = [migrations.RunPython(keep_checks, migrations.RunPython.noop)]
