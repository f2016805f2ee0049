"""The database itself refuses to change or remove a change of an account, whoever asks."""

from django.db import migrations

_WHY = "changes of accounts are only ever added"

SQLITE_CREATE = (
    f"""CREATE TRIGGER storage_staffchange_no_update BEFORE UPDATE ON storage_staffchange
        BEGIN SELECT RAISE(ABORT, '{_WHY}'); END""",
    f"""CREATE TRIGGER storage_staffchange_no_delete BEFORE DELETE ON storage_staffchange
        BEGIN SELECT RAISE(ABORT, '{_WHY}'); END""",
)
SQLITE_DROP = (
    "DROP TRIGGER IF EXISTS storage_staffchange_no_update",
    "DROP TRIGGER IF EXISTS storage_staffchange_no_delete",
)
POSTGRESQL_CREATE = (
    f"""CREATE FUNCTION storage_staffchange_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{_WHY}' USING ERRCODE = 'restrict_violation'; END $$""",
    """CREATE TRIGGER storage_staffchange_no_change BEFORE UPDATE OR DELETE ON storage_staffchange
       FOR EACH ROW EXECUTE FUNCTION storage_staffchange_refuse()""",
    """CREATE TRIGGER storage_staffchange_no_truncate BEFORE TRUNCATE ON storage_staffchange
       FOR EACH STATEMENT EXECUTE FUNCTION storage_staffchange_refuse()""",
)
POSTGRESQL_DROP = (
    "DROP TRIGGER IF EXISTS storage_staffchange_no_change ON storage_staffchange",
    "DROP TRIGGER IF EXISTS storage_staffchange_no_truncate ON storage_staffchange",
    "DROP FUNCTION IF EXISTS storage_staffchange_refuse()",
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
    """Triggers as on the event table. A migration that rebuilds this table on SQLite must create them again."""

    dependencies = [("storage", "0020_email_codes")]

    operations = [migrations.RunPython(create_triggers, drop_triggers, elidable=False)]
