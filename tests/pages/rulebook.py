"""Addresses of the rulebook."""

from tests.pages import Page

DRAWN = ".yw-process[data-drawn=yes]"
PAGES = {
    "rules": [Page("dispatcher", "/rules"), Page("dispatcher", "/rules?q=路灯")],
    "rules-examples": Page("dispatcher", "/rules/examples?section=conditions"),
    "rules-catalogue": [
        Page("dispatcher", "/rules/catalogue"),
        Page("dispatcher", "/rules/catalogue?q=井盖"),
    ],
    "rules-class": Page("dispatcher", "/rules/catalogue/matter/01037"),
    "rules-limits": Page("dispatcher", "/rules/limits?q=路灯"),
    "rules-limit": Page("dispatcher", "/rules/limits/01001-broken?from=2026-09-24T16:30"),
    "rules-process": Page("dispatcher", "/rules/processes/incident", DRAWN),
    "rules-step": Page("dispatcher", "/rules/processes/incident/steps/handle"),
    "rules-rehearse": [
        Page("dispatcher", "/rules/processes/incident/rehearse"),
        Page(
            "dispatcher",
            "/rules/processes/incident/rehearse?run=1&cases=300&limit=10wd&add.handler=%2B2&together=verify&together=close",
            "#waits",
        ),
        Page("dispatcher", "/rules/processes/incident/rehearse?run=1&cases=300&work.file=soon"),
        Page(
            "dispatcher",
            "/rules/processes/approval/rehearse?run=1&cases=200&without.safety-measures=1",
            "#waits",
        ),
    ],
    "rules-duties": [
        Page("dispatcher", "/rules/duties"),
        Page("dispatcher", "/rules/duties?class=01023", "[data-coloured=yes], [data-drawn=no]"),
        Page("dispatcher", "/rules/duties?unit=lighting"),
    ],
    "rules-parameters": Page("dispatcher", "/rules/parameters"),
    "rules-parameter": [
        Page("dispatcher", "/rules/parameters/guarantee.standard"),
        Page("aid-county", "/rules/parameters/guarantee.standard"),
    ],
    "rules-programmes": Page("dispatcher", "/rules/programmes"),
    "rules-programme": [
        Page("dispatcher", "/rules/programmes/minimum_guarantee?on=2026-08-01"),
        Page("aid-county", "/rules/programmes/minimum_guarantee?on=2026-08-01"),
    ],
    "rules-changes": Page("aid-leader", "/rules/changes"),
    "rules-versions": Page("dispatcher", "/rules/versions"),
    "rules-compare": Page("dispatcher", "/rules/versions/compare"),
}
NOT_PAGES = {
    "rules-parameter-propose": "takes a proposal",
    "rules-programme-propose": "takes a proposal",
    "rules-change-decide": "takes a decision",
    "rules-processes": "leads to the only process of the pack",
    "rules-drawing": "a BPMN file",
    "rules-duties-map": "data of a map",
}
