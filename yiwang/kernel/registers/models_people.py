"""Who lives in the district: households and their members, what is known of them, and how that changed.

Names, numbers, phones, addresses and facts lie sealed; a resident ID or a phone is found by its keyed hash.
`district` stands in every row, so that a city can be cut into districts.
"""

from __future__ import annotations

from django.db import models

from yiwang.kernel.access.sealed import SealedTextField


class Household(models.Model):  # 户
    """People who live and keep house together, at one address."""

    id = models.UUIDField(primary_key=True)
    district = models.CharField(max_length=6)
    area = models.ForeignKey("registers.Area", on_delete=models.PROTECT, related_name="+")
    address = SealedTextField(blank=True)
    head = models.ForeignKey("registers.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    since = models.DateField()
    left = models.DateField(null=True)  # when it left the district or had no member any more
    facts = SealedTextField(blank=True)  # see people.facts.pack
    number_hash = models.CharField(max_length=64, null=True, unique=True)  # of its number in the roll, 户号

    class Meta:
        indexes = [models.Index(fields=["area", "id"], name="household_area")]


class Person(models.Model):  # 人
    """One resident. `left` is the day when the person moved out of the district."""

    id = models.UUIDField(primary_key=True)
    district = models.CharField(max_length=6)
    area = models.ForeignKey("registers.Area", on_delete=models.PROTECT, related_name="+", db_index=False)
    name = SealedTextField(blank=True)
    id_number = SealedTextField(blank=True)
    id_hash = models.CharField(max_length=64, null=True, unique=True)
    phone = SealedTextField(blank=True)
    phone_hash = models.CharField(max_length=64, null=True)
    household = models.ForeignKey(Household, null=True, on_delete=models.PROTECT, related_name="members")
    relation = models.CharField(max_length=12)  # to the head: see people.relations
    since = models.DateField()
    died = models.DateField(null=True)
    left = models.DateField(null=True)
    erased_at = models.DateTimeField(null=True)
    facts = SealedTextField(blank=True)  # see people.facts.pack

    class Meta:
        indexes = [
            models.Index(fields=["area", "id"], name="person_area"),
            models.Index(
                fields=["phone_hash"], name="person_phone", condition=models.Q(phone_hash__isnull=False)
            ),
        ]

    @property
    def active(self) -> bool:
        """Whether the person lives here."""
        return self.died is None and self.left is None and self.erased_at is None


class Change(models.Model):  # 变动
    """One change of what is known of a person or a household; `what` is a variable or a word of `journal.EVENTS`.

    `seq` has no gap that could still be filled: who has read up to a number has read everything before it.
    `was` and `became` are sealed JSON: {"value", "source", "as_of"}; '' where there was, or is, nothing.
    """

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="changes")
    household = models.ForeignKey(Household, null=True, on_delete=models.CASCADE, related_name="changes")
    what = models.CharField(max_length=60)
    source = models.CharField(max_length=80)
    as_of = models.DateField()
    by = models.CharField(max_length=40)  # the actor's label: user:12, system
    was = SealedTextField(blank=True)
    became = SealedTextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["what", "seq"], name="change_what")]


class LastChange(models.Model):
    """The number of the last change, one row. Who writes changes holds it until the commit."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    seq = models.BigIntegerField(default=0)


class PeopleFile(models.Model):  # 部门来数
    """A file of a department that was taken: which, by which mapping, when, and what it changed."""

    id = models.UUIDField(primary_key=True)
    mapping = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    as_of = models.DateField()
    at = models.DateTimeField()
    by = models.CharField(max_length=40)
    rows = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="people_file_at")]


class AccessCode(models.Model):  # 本人查询码
    """A code that the counter gave a person after looking at the ID card; only its keyed hash is kept."""

    digest = models.CharField(max_length=64, primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="codes")
    issued_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
