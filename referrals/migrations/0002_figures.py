from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('referrals', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='tally',
            name='asked_with',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.CreateModel(
            name='ToldQuarter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quarter', models.CharField(max_length=6, unique=True)),
                ('told_on', models.DateField()),
                ('figures', models.JSONField()),
            ],
            options={
                'verbose_name': 'referrals of a quarter in figures',
                'verbose_name_plural': 'referrals in figures',
                'ordering': ['-quarter'],
            },
        ),
    ]
