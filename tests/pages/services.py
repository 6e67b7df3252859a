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
}
NOT_PAGES: dict[str, str] = {}
