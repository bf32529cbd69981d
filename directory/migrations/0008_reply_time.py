from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0007_partnership'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReplyTime',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(unique=True)),
                ('working_days', models.PositiveSmallIntegerField(verbose_name='working days')),
                ('counted_on', models.DateField(verbose_name='counted on')),
            ],
            options={
                'verbose_name': 'usual reply time',
                'verbose_name_plural': 'usual reply times',
            },
        ),
    ]
