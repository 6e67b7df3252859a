"""What residents give us lies encrypted, and is found without being read."""

import pytest
from django.core.exceptions import FieldError
from django.db import connection
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from yiwang.domains.operations.models import Report
from yiwang.kernel.access.sealed import SealBroken, keyed_hash, seal, unseal
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.packs.models import PackVersion

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)


@given(TEXT)
def test_whatever_is_sealed_comes_back_the_same_and_never_looks_the_same_twice(text):
    first, second = seal(text, "t.c"), seal(text, "t.c")
    assert first != second
    assert unseal(first, "t.c") == unseal(second, "t.c") == text


def test_nothing_sealed_is_nothing():
    assert seal("", "t.c") == unseal("", "t.c") == ""


def test_a_value_copied_to_another_column_can_not_be_read():
    sealed = seal("13800138000", "operations_report.contact_phone")
    with pytest.raises(SealBroken) as refused:
        unseal(sealed, "operations_report.contact_name")
    assert "operations_report.contact_name" in refused.value.detail
    assert sealed not in refused.value.detail


@given(st.integers(0, 60), st.integers(1, 255))
def test_a_changed_byte_is_noticed(position, flip):
    import base64

    raw = bytearray(base64.urlsafe_b64decode(seal("王小明的身份证号码和电话号码", "t.c")[3:]))
    raw[position % len(raw)] ^= flip
    with pytest.raises(SealBroken):
        unseal("s1:" + base64.urlsafe_b64encode(raw).decode(), "t.c")


@pytest.mark.parametrize("stored", ["13800138000", "s1:", "s1:AAAA", "s1:not base64!", "s2:" + "A" * 60])
def test_text_that_was_never_sealed_is_not_passed_off_as_a_value(stored):
    with pytest.raises(SealBroken):
        unseal(stored, "t.c")


def test_another_key_reads_nothing_and_finds_nothing():
    sealed, found_by = seal("13800138000", "t.c"), keyed_hash("13800138000")
    with override_settings(SEAL_KEY="another key of at least 32 characters"):
        assert keyed_hash("13800138000") != found_by
        with pytest.raises(SealBroken):
            unseal(sealed, "t.c")


@pytest.fixture
def report(db, now):
    pack = PackVersion.objects.create(name="t", version="1", digest="t", body="{}", loaded_at=now)
    matter = Matter.objects.create(
        id="01990000-0000-7000-8000-000000000001",
        number="2026092400001",
        district="210104",
        kind="incident",
        pack=pack,
        state="open",
        link="file",
        title="井盖丢失",
        source="portal",
        opened_at=now,
    )
    return Report.objects.create(
        id="01990000-0000-7000-8000-000000000002",
        matter=matter,
        channel="portal",
        digest="d",
        text="井盖丢失",
        received_at=now,
        contact_name="王小明",
        contact_phone="13800138000",
        phone_hash=keyed_hash("13800138000"),
    )


def test_a_reporters_phone_is_not_in_the_table_and_is_on_the_report(report):
    with connection.cursor() as cursor:
        cursor.execute("SELECT contact_phone, contact_name FROM operations_report")
        row = cursor.fetchone()
    assert all(value.startswith("s1:") and "138" not in value for value in row)
    assert Report.objects.get(phone_hash=keyed_hash("13800138000")).contact_phone == "13800138000"
    assert Report.objects.values_list("contact_name", flat=True).get() == "王小明"


def test_updates_in_every_form_are_sealed_once(report):
    Report.objects.filter(pk=report.pk).update(contact_name="李四")
    assert Report.objects.get().contact_name == "李四"
    report.contact_name = "张三"
    Report.objects.bulk_update([report], ["contact_name"])
    assert Report.objects.get().contact_name == "张三"
    report.contact_name = ""
    report.save()
    assert Report.objects.filter(contact_name="").count() == 1
    assert Report.objects.exclude(contact_phone="").count() == 1


def test_a_search_that_could_never_find_anything_is_refused(report):
    for search in (
        {"contact_phone": "13800138000"},
        {"contact_phone__contains": "138"},
        {"contact_phone__in": ["1"]},
    ):
        with pytest.raises(FieldError):
            Report.objects.filter(**search).exists()


def test_a_dump_of_the_table_does_not_open_the_seal(report):
    from django.core import serializers

    with pytest.raises(FieldError):
        serializers.serialize("json", Report.objects.all())
