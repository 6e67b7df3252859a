"""Addresses of social assistance."""

from tests.pages import Page

PAGES = {
    "assistance": [Page("aid-officer-210104012", "/assistance"), Page("aid-finance", "/assistance")],
    "assistance-apply": [
        Page("aid-window-210104012", "/assistance/apply"),
        Page("aid-window-210104012", "/assistance/apply?programme=relief_emergency"),
    ],
    "assistance-find": Page("aid-officer-210104012", "/assistance/households"),
    "assistance-household": Page(
        "aid-officer-210104012", lambda made: f"/assistance/households/{made.aid.household}"
    ),
    "assistance-death": Page("aid-officer-210104012", lambda made: f"/assistance/deaths/{made.aid.death}"),
    "assistance-register": Page("aid-county", "/assistance/register"),
    "assistance-reports": Page("aid-leader", "/assistance/reports?first=2026-08&until=2026-10"),
    "assistance-payments": Page("aid-finance", "/assistance/payments?month=2026-10"),
    "assistance-returned": [
        Page("aid-finance", "/assistance/payments/returned"),
        Page("aid-window-210104012", "/assistance/payments/returned"),
    ],
    "assistance-returned-one": [
        Page("aid-finance", lambda made: f"/assistance/payments/returned/{made.aid.returned}"),
        Page("aid-window-210104012", lambda made: f"/assistance/payments/returned/{made.aid.returned}"),
    ],
    "assistance-batch": Page("aid-finance", lambda made: f"/assistance/payments/{made.aid.batch}"),
}
NOT_PAGES = {
    "assistance-found": "takes a form",
    "assistance-pay": "takes a form",
    "assistance-bank": "a file for the bank",
    "assistance-paid": "takes a form",
    "assistance-back": "takes a form",
    "assistance-returned-stayed": "takes a form",
    "assistance-batch-find": "takes a form",
    "assistance-take-out": "takes a form",
    "assistance-put-back": "takes a form",
}
