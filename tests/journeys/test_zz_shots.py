"""Screenshots of pages: run as a pytest file from the worktree."""
import pytest
from tests.browser import DESK, PHONE
from tests.pages import approvals
from yiwang.kernel.matters import receipts
from yiwang.kernel.ui import clock
pytestmark=[pytest.mark.browser, pytest.mark.django_db(transaction=True)]
def test_shots(official, browse, district, time):
    time("2026-09-28T10:00")
    got=approvals.make(clock.now())
    g=official("project-guide","冯管家")
    from tests.domains.approvals.building import item
    n=item(got.project,"scheme-review").matter.number
    soil=item(got.project,"soil-plan").matter.number
    w=official("window-clerk","孙窗口"); d=official("service-decider-water-affairs","王水务")
    for size,vp in (("390",PHONE),("1280",DESK)):
        for pg,name,addr in ((g,"list","/projects"),(g,"project",f"/projects/{approvals.CODE}"),(w,"start","/projects/2607-210104-04-01-000002/stages/planning"),(w,"new","/projects/new"),(g,"matter",f"/matters/{n}"),(d,"held",f"/matters/{soil}")):
            pg.set_viewport_size(vp); pg.goto(addr); pg.wait_for_timeout(500)
            pg.screenshot(path=f"/var/tmp/h5/{name}-{size}.png",full_page=True)
    a=browse(PHONE)
    a.goto("/follow"); a.fill("[name=number]",got.project.code); a.fill("[name=secret]",receipts.secret_for(got.project.pk)); a.click("main form button"); a.wait_for_timeout(800)
    a.screenshot(path="/var/tmp/h5/own-390.png",full_page=True)
    a.set_viewport_size(DESK); a.screenshot(path="/var/tmp/h5/own-1280.png",full_page=True)
