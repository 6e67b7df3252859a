"""Addresses of government services."""

from tests.pages import Page

PAGES = {
    "services": [
        Page(address="/services"),
        Page(address="/services?q=我想开个小饭店"),
        Page(address="/services?q=没有这样的事"),
        Page(address="/services?unit=police"),
    ],
    "services-topic": Page(address="/services/topics/birth"),
    "service": [Page(address="/services/food-business-licence"), Page(address="/services/identity-card")],
    "bundles": Page(address="/services/once"),
    "bundle": [
        Page(address="/services/once/newborn?certificate=no&here=yes&insured=no"),
        Page(address="/services/once/restaurant"),
    ],
    "service-apply": [
        Page(address="/services/food-business-licence/apply", ready="form[data-ready]"),
        Page(address="/services/lease-filing/apply", ready="form[data-ready]"),
    ],
    "bundle-apply": [
        Page(
            address="/services/once/newborn/apply?certificate=no&here=yes&insured=yes",
            ready="form[data-ready]",
        ),
        Page(
            address="/services/once/restaurant/apply?licence=no&sign=yes&gathering=yes&fumes=yes",
            ready="form[data-ready]",
        ),
    ],
    "service-resume": Page(address="/services/drafts"),
}
NOT_PAGES: dict[str, str] = {
    "service-done": "a receipt that only the browser that applied may open: looked at in the story of a restaurant",
    "service-act": "takes a form",
    "service-licence": "takes a form",
    "service-paper": "a file of an application that only the browser that follows it may open",
    "matter-service-open": "takes a form",
}
