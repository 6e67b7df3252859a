"""Addresses of the portal."""

from __future__ import annotations

from django.urls import path, re_path

from yiwang.faces.portal import (
    approving,
    around,
    assisting,
    booking,
    following,
    mapping,
    permitting,
    reporting,
    serving,
    verifying,
    views,
)

urlpatterns = [
    path("", views.home, name="home"),
    path("report", reporting.report, name="report"),
    path("report/kinds", around.kinds, name="report-kinds"),
    path("report/places", around.search, name="report-places"),
    path("report/around", around.around, name="report-around"),
    path("report/photos", reporting.photos, name="report-photos"),
    path("report/<uuid:id>/done", reporting.done, name="report-done"),
    path("follow", following.find, name="find"),
    path("follow/<str:number>", following.show, name="follow"),
    path("follow/<str:number>/photos/<uuid:id>", following.photo, name="follow-photo"),
    re_path(r"^follow/(?P<number>[^/]+)/(?P<action>rate|reopen|withdraw)$", following.act, name="follow-act"),
    path("follow/<str:number>/stages/<str:stage>", approving.start, name="own-project-start"),
    path("follow/<str:number>/plan", approving.plan, name="own-project-plan"),
    path("follow/<str:number>/papers", approving.hand_in, name="own-project-papers"),
    path(
        "follow/<str:number>/papers/<str:material>/<int:version>", approving.paper, name="own-project-paper"
    ),
    path("f/<str:number>", following.by_code, name="follow-code"),
    path("apply", assisting.apply, name="aid-apply"),
    path("apply/<str:number>/done", assisting.done, name="aid-done"),
    path("publicity", assisting.publicity, name="publicity"),
    path("publicity/<uuid:id>/object", assisting.object_to, name="publicity-object"),
    path("verify", verifying.verify, name="licence-verify"),
    path("v/<str:number>/<str:code>", verifying.by_code, name="licence-code"),
    path("services/drafts", serving.resume, name="service-resume"),
    path("services/<str:slug>/apply", serving.apply, name="service-apply"),
    path("services/once/<str:slug>/apply", serving.apply_bundle, name="bundle-apply"),
    path("services/applications/<str:number>/papers/<uuid:id>", serving.paper, name="service-paper"),
    path("services/applications/<str:number>/done", serving.done, name="service-done"),
    re_path(
        r"^services/applications/(?P<number>[^/]+)/(?P<action>rate|withdraw|send)$",
        serving.act,
        name="service-act",
    ),
    path("services/applications/<str:number>/licences", permitting.licence, name="service-licence"),
    path("appointments", booking.halls, name="appointments"),
    path("appointments/find", booking.find, name="appointment-find"),
    path("appointments/at/<str:slug>", booking.book, name="appointment-book"),
    path("appointments/own/<str:number>", booking.show, name="appointment"),
    re_path(
        r"^appointments/own/(?P<number>[^/]+)/(?P<action>move|cancel|come)$",
        booking.act,
        name="appointment-act",
    ),
    path("b/<str:number>", booking.by_code, name="appointment-code"),
    path("screen/<str:slug>", booking.screen, name="hall-screen"),
    path("screen/<str:slug>/now", booking.screen_now, name="hall-screen-now"),
    path("map", mapping.show, name="public-map"),
    path("map/reports.json", mapping.points, name="public-points"),
    path("map/cells.json", mapping.cells, name="public-cells"),
]
