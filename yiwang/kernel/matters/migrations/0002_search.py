"""The search index: a table of places in time, and the words in the manner of each database."""

import django.db.models.deletion
from django.db import migrations, models

# `ascii`: our tokens are letters and digits of any script and `_`, parted by blanks; nothing is to be cut further.
SQLITE = "CREATE VIRTUAL TABLE matters_words USING fts5(words, content='', tokenize=\"ascii tokenchars '_'\")"


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(SQLITE)
    else:
        schema_editor.execute("ALTER TABLE matters_sought ADD COLUMN words tsvector NOT NULL")
        schema_editor.execute("CREATE INDEX matters_sought_words ON matters_sought USING gin (words)")


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE matters_words")


class Migration(migrations.Migration):
    dependencies = [("matters", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Sought",
            fields=[
                ("key", models.BigIntegerField(primary_key=True, serialize=False)),
                ("text", models.TextField(blank=True)),
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="matters.matter"
                    ),
                ),
            ],
        ),
        migrations.RunPython(make, drop),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("state", "open")), fields=["opened_at", "id"], name="task_opened"
            ),
        ),
    ]
