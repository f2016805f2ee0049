from django.db import migrations


def count_what_was_read(apps, schema_editor):
    """What stands in the lines of readings made before, in the columns that are counted."""
    Reading = apps.get_model("storage", "Reading")
    waiting = []
    for reading in Reading.objects.only("pk", "line").iterator(chunk_size=500):
        pages, documents = reading.line.get("pages") or [], reading.line.get("documents") or []
        if pages:
            printed = all(page.get("source") == "text_layer" for page in pages)
            scanned = "scanned_pdf" if pages[0].get("unit") == "pt" else "picture"
            reading.file_kind = "text_layer" if printed else scanned
        named = ((paper.get("fields") or {}).get("practitioner_name") or {} for paper in documents)
        reading.practitioner = next((str(field["value"])[:120] for field in named if field.get("value")), "")
        waiting.append(reading)
        if len(waiting) == 500:
            Reading.objects.bulk_update(waiting, ["file_kind", "practitioner"])
            waiting.clear()
    Reading.objects.bulk_update(waiting, ["file_kind", "practitioner"])


class Migration(migrations.Migration):

    dependencies = [
        ('storage', '0014_figures'),
    ]

    operations = [
        migrations.RunPython(count_what_was_read, migrations.RunPython.noop),
    ]
