"""The one public WebSub hub that everybody may use; not told anything until the admin ticks it."""

from django.db import migrations

HUB = "https://pubsubhubbub.appspot.com/"


def add(apps, schema_editor):
    apps.get_model("feeds", "PingTarget").objects.get_or_create(
        address=HUB, defaults={"kind": "hub", "is_on": False}
    )


class Migration(migrations.Migration):
    dependencies = [("feeds", "0002_pings")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
