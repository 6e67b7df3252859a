"""E-licences, their versions, what happened to them, who may use them for what; the public keys of signatures."""

from __future__ import annotations

from django.db import models

from yiwang.kernel.access.sealed import SealedTextField


class Licence(models.Model):  # 电子证照
    """Who holds it is found by the keyed hash of the holder's number; name, number and content lie sealed."""

    id = models.UUIDField(primary_key=True)
    district = models.CharField(max_length=6)
    area = models.CharField(max_length=12, blank=True)
    type = models.CharField(max_length=40)  # a kind of the pack
    number = models.CharField(max_length=40, unique=True)
    code = models.CharField(max_length=16)  # with the number it opens the public page
    holder_hash = models.CharField(max_length=64)
    holder = SealedTextField()  # the name
    holder_number = SealedTextField()  # resident ID or unified social credit code
    matter = models.ForeignKey("matters.Matter", null=True, on_delete=models.PROTECT, related_name="licences")
    status = models.CharField(max_length=8)  # valid | revoked | lost | expired
    version = models.PositiveIntegerField()
    issued_at = models.DateTimeField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)  # the last day; null: without end
    last_hash = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["holder_hash"], name="licence_holder"),
            models.Index(fields=["district", "-id"], name="licence_newest"),
            models.Index(fields=["valid_to"], condition=models.Q(status="valid"), name="licence_ends"),
        ]


class LicenceVersion(models.Model):  # 证照版本
    """What the licence said from one issue or correction on, and the signed file itself."""

    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    content = SealedTextField()  # JSON, as it was drawn
    document = SealedTextField()  # the signed PDF, base64
    sha256 = models.CharField(max_length=64)  # of the file
    key = models.CharField(max_length=16)  # that signed it
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["licence", "version"], name="licence_version_once")]


class LicenceEvent(models.Model):  # 证照事件
    """One thing that happened to a licence. Append-only; each keeps the hash of the one before it."""

    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    action = models.CharField(
        max_length=12
    )  # issue | correct | revoke | lost | restore | expire | authorise | use | end
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    actor_name = models.CharField(max_length=100, blank=True)
    data = models.JSONField(default=dict)  # nothing of the holder
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["licence", "seq"], name="licence_event_once")]


class LicenceUse(models.Model):  # 用证授权
    """The holder allows that a licence is used in one application, for one purpose, until a moment."""

    id = models.UUIDField(primary_key=True)
    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="uses")
    matter = models.ForeignKey("matters.Matter", on_delete=models.PROTECT, related_name="licence_uses")
    purpose = models.CharField(max_length=200)
    granted_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    looks = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["matter"], name="licence_use_matter")]
        constraints = [
            models.UniqueConstraint(
                fields=["licence", "matter"], condition=models.Q(ended_at=None), name="licence_use_once"
            )
        ]


class LicenceSerial(models.Model):
    """The last serial number given, by kind and year."""

    type = models.CharField(max_length=40)
    year = models.PositiveIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["type", "year"], name="licence_serial_once")]


class SigningKey(models.Model):  # 签名公钥
    """A public key that was in use; what it signed can be verified for ever."""

    key = models.CharField(max_length=16, primary_key=True)
    algorithm = models.CharField(max_length=40)
    public = models.CharField(max_length=400)
    since = models.DateTimeField()


class ArchivePackage(models.Model):  # 归档包
    """A package that was written of a closed matter: what it is, how long it is kept."""

    matter = models.OneToOneField(
        "matters.Matter", primary_key=True, on_delete=models.PROTECT, related_name="archive"
    )
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    key = models.CharField(max_length=16)  # that signed it
    made_at = models.DateTimeField()
    retention = models.CharField(max_length=40)  # a class of the pack, or empty
    until = models.DateField(null=True)  # the last day on which it must be kept; null: for ever


class ArchiveDue(models.Model):
    """A closed matter whose package is to be written once it can no longer be reopened."""

    matter = models.OneToOneField(
        "matters.Matter", primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    at = models.DateTimeField(db_index=True)
