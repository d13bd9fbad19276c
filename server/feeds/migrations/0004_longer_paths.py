"""Room for the feeds of publishers whose names are long once they are part of an address."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feeds", "0003_a_public_hub")]

    operations = [
        migrations.AlterField(
            model_name="publishedfeed",
            name="path",
            field=models.CharField(max_length=2200, primary_key=True, serialize=False),
        )
    ]
