"""Indexes the matters that are there already, in batches of their own transactions: stopped, it goes on."""

from django.db import migrations


def fill(apps, schema_editor):
    from yiwang.kernel.matters import search

    search.fill()


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("matters", "0002_search")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
