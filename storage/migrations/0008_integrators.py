import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('storage', '0007_blind_checks'),
    ]

    operations = [
        migrations.CreateModel(
            name='Integrator',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('client_id', models.CharField(max_length=40, unique=True)),
                ('secret_hash', models.CharField(max_length=64)),
                ('name', models.CharField(max_length=80)),
                ('insurer', models.CharField(max_length=120)),
                ('scopes', models.JSONField(default=list)),
                ('created_at', models.DateTimeField()),
                ('disabled_at', models.DateTimeField(null=True)),
                ('window_at', models.DateTimeField(null=True)),
                ('asked', models.PositiveIntegerField(default=0)),
            ],
            options={
                'ordering': ('created_at', 'client_id'),
            },
        ),
        migrations.AlterField(
            model_name='piece',
            name='door',
            field=models.CharField(choices=[('site', 'site'), ('folder', 'folder'), ('bucket', 'bucket'), ('api', 'api')], max_length=10),
        ),
        migrations.CreateModel(
            name='IdempotencyKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=100)),
                ('fingerprint', models.CharField(max_length=64)),
                ('answer', models.JSONField(null=True)),
                ('begun_at', models.DateTimeField()),
                ('integrator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='keys', to='storage.integrator')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('integrator', 'key'), name='one_sending_of_a_key')],
            },
        ),
    ]
