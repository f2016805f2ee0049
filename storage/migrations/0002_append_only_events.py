"""The database itself refuses to change or remove an event, whoever asks."""

from django.db import migrations

_WHY = "events are only ever added"

SQLITE_CREATE = (
    f"""CREATE TRIGGER storage_event_no_update BEFORE UPDATE ON storage_event
        BEGIN SELECT RAISE(ABORT, '{_WHY}'); END""",
    f"""CREATE TRIGGER storage_event_no_delete BEFORE DELETE ON storage_event
        BEGIN SELECT RAISE(ABORT, '{_WHY}'); END""",
)
SQLITE_DROP = (
    "DROP TRIGGER IF EXISTS storage_event_no_update",
    "DROP TRIGGER IF EXISTS storage_event_no_delete",
)
POSTGRESQL_CREATE = (
    f"""CREATE FUNCTION storage_event_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{_WHY}' USING ERRCODE = 'restrict_violation'; END $$""",
    """CREATE TRIGGER storage_event_no_change BEFORE UPDATE OR DELETE ON storage_event
       FOR EACH ROW EXECUTE FUNCTION storage_event_refuse()""",
    """CREATE TRIGGER storage_event_no_truncate BEFORE TRUNCATE ON storage_event
       FOR EACH STATEMENT EXECUTE FUNCTION storage_event_refuse()""",
)
POSTGRESQL_DROP = (
    "DROP TRIGGER IF EXISTS storage_event_no_change ON storage_event",
    "DROP TRIGGER IF EXISTS storage_event_no_truncate ON storage_event",
    "DROP FUNCTION IF EXISTS storage_event_refuse()",
)


def create_triggers(apps, schema_editor):
    """Put the guard in place."""
    statements = {"sqlite": SQLITE_CREATE, "postgresql": POSTGRESQL_CREATE}[schema_editor.connection.vendor]
    for statement in statements:
        schema_editor.execute(statement)


def drop_triggers(apps, schema_editor):
    """Take the guard away (only to undo this migration)."""
    statements = {"sqlite": SQLITE_DROP, "postgresql": POSTGRESQL_DROP}[schema_editor.connection.vendor]
    for statement in statements:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    """Triggers on the event table. A migration that rebuilds that table on SQLite must create them again."""

    dependencies = [("storage", "0001_initial")]

    operations = [migrations.RunPython(create_triggers, drop_triggers, elidable=False)]
