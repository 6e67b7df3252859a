"""Addresses of project approvals for staff."""

from __future__ import annotations

from django.urls import path

from yiwang.domains.approvals import views, views_gantt, views_land, views_meetings, views_papers

urlpatterns = [
    path("meetings", views_meetings.listed, name="meetings"),
    path("meetings/new", views_meetings.new, name="meeting-new"),
    path("meetings/<str:number>", views_meetings.meeting, name="meeting"),
    path("meetings/<str:number>/change", views_meetings.change, name="meeting-change"),
    path("projects", views.projects, name="projects"),
    path("projects/new", views.new, name="project-new"),
    path("projects/<str:code>", views.project, name="project"),
    path("projects/<str:code>/contact", views.contact, name="project-contact"),
    path("projects/<str:code>/papers", views_papers.hand_in, name="project-paper"),
    path(
        "projects/<str:code>/papers/<str:material>/<int:version>",
        views_papers.download,
        name="project-paper-file",
    ),
    path("projects/<str:code>/plan", views_gantt.plan, name="project-plan"),
    path("projects/<str:code>/previews", views_land.ask, name="project-previews"),
    path("projects/<str:code>/land", views_land.land, name="project-land"),
    path("projects/<str:code>/stages/<str:stage>", views.start, name="project-start"),
]
