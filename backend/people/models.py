"""Tables of what teams say about themselves, and of who may see the birthday of a person."""

from peewee import BigIntegerField, BlobField, Check, ForeignKeyField, TextField

from backend.db import IdField, Model
from backend.identity.models import Staff, Team

SHARED, PRIVATE, HIDDEN = "shared", "private", "hidden"
CHOICES = (SHARED, PRIVATE, HIDDEN)


class BirthdayChoice(Model):
    """The choice of a person who may see their birthday; no row means `private`, see `birthdays`."""

    id = IdField()
    staff = ForeignKeyField(Staff, unique=True, on_delete="CASCADE")
    choice = TextField(constraints=[Check("choice IN ('shared', 'private', 'hidden')")])
    chosen_at = BigIntegerField()


class TeamProfile(Model):
    """What a team says about itself; `picture` is a JPEG without metadata."""

    id = IdField()
    team = ForeignKeyField(Team, unique=True, on_delete="CASCADE")
    slogan = TextField(default="")
    about = TextField(default="")
    picture = BlobField(null=True)
    changed_at = BigIntegerField()
