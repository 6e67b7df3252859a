"""Addresses of the workbench."""

from __future__ import annotations

from django.urls import path

from yiwang.faces.workbench import doing, files, page, queues, signing

urlpatterns = [
    path("sign-in", signing.sign_in, name="sign-in"),
    path("sign-out", signing.sign_out, name="sign-out"),
    path("work", queues.work, name="work"),
    path("matters", queues.matters, name="matters"),
    path("matters/<str:number>", page.matter, name="matter"),
    path("matters/<str:number>/process.bpmn", page.process_file, name="matter-process"),
    path("matters/<str:number>/do/<str:action>", doing.do, name="matter-do"),
    path("matters/<str:number>/contact", doing.contact, name="matter-contact"),
    path("files/<uuid:id>", files.file, name="file"),
]
