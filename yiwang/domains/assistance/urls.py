"""The addresses of social assistance."""

from __future__ import annotations

from django.urls import path

from yiwang.domains.assistance import urls_discovery, views, views_bereavement, views_paying, views_returned

urlpatterns: list = [
    *urls_discovery.urlpatterns,
    path("assistance", views.home, name="assistance"),
    path("assistance/apply", views.apply, name="assistance-apply"),
    path("assistance/households", views.find, name="assistance-find"),
    path("assistance/households/found", views.found, name="assistance-found"),
    path("assistance/households/<uuid:id>", views.show_household, name="assistance-household"),
    path("assistance/deaths/<uuid:id>", views_bereavement.death, name="assistance-death"),
    path("assistance/register", views.register, name="assistance-register"),
    path("assistance/reports", views.show_reports, name="assistance-reports"),
    path("assistance/payments", views_paying.payments, name="assistance-payments"),
    path("assistance/payments/make", views_paying.make, name="assistance-pay"),
    path("assistance/payments/returned", views_returned.returned, name="assistance-returned"),
    path(
        "assistance/payments/returned/<uuid:id>", views_returned.returned_one, name="assistance-returned-one"
    ),
    path(
        "assistance/payments/returned/<uuid:id>/stayed",
        views_returned.stayed,
        name="assistance-returned-stayed",
    ),
    path("assistance/payments/<uuid:id>", views_paying.batch, name="assistance-batch"),
    path("assistance/payments/<uuid:id>/bank.csv", views_paying.bank, name="assistance-bank"),
    path("assistance/payments/<uuid:id>/paid", views_paying.paid, name="assistance-paid"),
    path("assistance/payments/<uuid:id>/back", views_paying.came_back, name="assistance-back"),
    path("assistance/payments/<uuid:id>/find", views_paying.find, name="assistance-batch-find"),
    path("assistance/payments/<uuid:id>/out", views_paying.take_out, name="assistance-take-out"),
    path("assistance/payments/<uuid:id>/in", views_paying.put_back, name="assistance-put-back"),
]
