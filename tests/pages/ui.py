"""Addresses of the page frames."""

NOT_PAGES = {
    "healthz": "for programs",
    "language": "takes a form",
    "text-size": "takes a form",
    "theme": "takes a form",
    "map-areas": "data of maps",
    "map-roads": "data of maps",
}
PAGES = {}
