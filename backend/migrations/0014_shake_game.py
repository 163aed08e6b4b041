"""Races of a shake that are not shaken: 数钱 and 红包雨."""

from peewee import *


def up(migrator, db):
    migrator.migrate(migrator.add_column('shake_round', 'game', TextField(null=True)))


def down(migrator, db):
    migrator.migrate(migrator.drop_column('shake_round', 'game'))
