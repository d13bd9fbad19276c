"""The one row of the switch, so that the admin finds it."""

from django.db import migrations


def add(apps, schema_editor):
    apps.get_model("aggregator", "Aggregator").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("aggregator", "0001_aggregator")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
