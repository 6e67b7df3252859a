"""What exists in the district: areas, units, posts, duties, roads, components, holiday notices; people.

Codes are the primary keys: they are given by standards or by the pack, they never change their meaning,
and a child area's code begins with its parent's, so "inside this area" is a prefix of text.
"""

from __future__ import annotations

from django.db import models

from yiwang.kernel.registers.models_people import (  # noqa: F401 - tables of their own file
    AccessCode,
    Change,
    Household,
    LastChange,
    PeopleFile,
    Person,
)


class Area(models.Model):  # 区域: 区, 街道, 社区
    """A district (6 digits), sub-district (9 digits) or community (12 digits of the statistical code)."""

    code = models.CharField(max_length=12, primary_key=True)
    name = models.CharField(max_length=50)
    name_en = models.CharField(max_length=80, blank=True)
    level = models.CharField(max_length=12)  # district | subdistrict | community
    kind = models.CharField(max_length=20, blank=True)  # 街道, 社区, 村
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    civil_code = models.CharField(max_length=12, blank=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    geometry = models.JSONField(null=True)
    status = models.CharField(max_length=12, default="official")
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):  # 单位: 部门, 街道办, 养护企业
    code = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=150, blank=True)
    kind = models.CharField(max_length=20)  # department | subdistrict | community | contractor | centre
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT)
    status = models.CharField(max_length=12, default="illustrative")
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class Post(models.Model):  # 岗位
    """A chair in a unit: its kind (from the pack) says what it may do, its unit and area say where."""

    code = models.CharField(max_length=80, primary_key=True)
    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=150, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="posts")
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class Duty(models.Model):  # 职责: 哪类问题, 在哪里, 归谁
    """One line of the duty table: matters of this class (or class prefix) in this area belong to this unit."""

    code = models.CharField(max_length=80, primary_key=True)
    standard = models.CharField(max_length=40)
    class_prefix = models.CharField(max_length=11)
    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT)
    source = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=12, default="illustrative")
    active = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["standard", "class_prefix"])]


class Road(models.Model):  # 道路
    code = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    grade = models.PositiveSmallIntegerField()
    length_m = models.FloatField()
    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    geometry = models.JSONField()
    stretches = models.JSONField(
        default=list
    )  # [{area, share, first, last}]: house numbers by community, in order
    status = models.CharField(max_length=12, default="illustrative")
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class RoadChief(models.Model):  # 路长
    code = models.CharField(max_length=80, primary_key=True)
    road = models.ForeignKey(Road, on_delete=models.CASCADE, related_name="chiefs")
    level = models.PositiveSmallIntegerField()  # 1 district, 2 sub-district, 3 community
    post = models.ForeignKey(Post, on_delete=models.PROTECT)
    active = models.BooleanField(default=True)


class PlaceName(models.Model):  # 地名, 俗称
    """A name that people use for a place: a park, a market, an estate. It stands in this area."""

    name = models.CharField(max_length=80, primary_key=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    status = models.CharField(max_length=12, default="illustrative")
    active = models.BooleanField(default=True)


class Component(models.Model):  # 部件
    """A thing in public space with its GB/T 47678.5 code (17 digits)."""

    code = models.CharField(max_length=17, primary_key=True)
    class_code = models.CharField(max_length=5)
    name = models.CharField(max_length=30)
    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT)
    lat = models.FloatField()
    lon = models.FloatField()
    state = models.CharField(max_length=10, default="完好")
    status = models.CharField(max_length=12, default="synthetic")
    active = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["lat", "lon"])]


class HolidayNotice(models.Model):  # 放假通知
    """The State Council's holiday notice of a year as imported: {year, source, off: [...], makeup: [...]}."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    body = models.JSONField()
    source = models.CharField(max_length=300, blank=True)
    imported_at = models.DateTimeField()


class OfficeHours(models.Model):  # 办公时间
    """The office hours in force, as the pack gives them (one row a district)."""

    district = models.CharField(max_length=6, primary_key=True)
    body = models.JSONField()
    status = models.CharField(max_length=12, default="illustrative")
