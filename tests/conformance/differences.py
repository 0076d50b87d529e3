"""The differences between kinds of portal: for each case, the kinds that it does not apply to, with the reason. The suite prints
each entry, and tests what the portal can do, so that a wrong entry is detected."""

# No kind may differ in these.
ALL_MUST = (
    "observe archive disabled",
    "observe archive enabled",
    "observe account active",
    "observe account disabled",
    "observe hold",
    "observe archive there already",
    "observe no archive to terminate",
    "enable",
    "terminate",
    "there and back",
    "drift",
    "blocked",
    "unknown mailbox",
    "one mailbox alone",
    "addresses in any case",
    "unmanaged",
    "a dry run only looks",
    "a saved plan that is outdated",
)

AT_ONCE = "it has done a change when it answers"
SETTLES = "it ends by itself what it is loaded with, maybe before anybody can look"
THERE_OR_NOT = "an archive is there or is not, by true or false"
ACTIVE_OR_NOT = "an account is active or is not (core `active`)"
NO_REQUEST = "it has no attribute for the request"
BY_PEOPLE = "what was handed over is done by people, after they looked"
BY_SCRIPT = "what was handed over is done by a script, after the run"
BY_ARKIB = "arkib changes it itself"
NO_IF_MATCH = "it does not heed If-Match, so only the look right before a write can tell"
NO_SCIM = "it does not speak SCIM"
ONE_FILE = "a report is one file"
ONE_PAGE = "it is the same server as `arkib portal`, where pages are tried"

OWN_WORDS = "it takes no words but its own"
UNIQUE = "no two of its accounts have one address"
NO_DATES = "it has no attribute for the day"
ALL_AT_ONCE = "it gives as many mailboxes at once as are asked for"
NO_COUNT = "it fails at any `count`, and without one gives all at once"

DIFFERENCES = {
    "a change takes its time": {
        "arkib portal": AT_ONCE,
        "arkib portal, without If-Match": AT_ONCE,
        "scim2-server": AT_ONCE,
        "scim2-server, Peti": AT_ONCE,
        "scimmy": AT_ONCE,
        "people": BY_PEOPLE,
        "canaille": AT_ONCE,
        "django-scim2": AT_ONCE,
        "scim-patch": AT_ONCE,
        "REST, SCIM server": AT_ONCE,
        "REST, scripts": BY_SCRIPT,
    },
    "what is done is done at once": {
        "arkib portal, slow": "a change takes its time",
        "people": BY_PEOPLE,
        "REST, scripts": BY_SCRIPT,
    },
    "people are asked once": {
        "arkib portal": BY_ARKIB,
        "arkib portal, slow": BY_ARKIB,
        "arkib portal, without If-Match": BY_ARKIB,
        "scim2-server": BY_ARKIB,
        "scim2-server, Peti": BY_ARKIB,
        "scimmy": BY_ARKIB,
        "canaille": BY_ARKIB,
        "django-scim2": BY_ARKIB,
        "scim-patch": BY_ARKIB,
        "REST, SCIM server": BY_ARKIB,
    },
    "more than a page": {
        "arkib portal, slow": ONE_PAGE,
        "arkib portal, without If-Match": ONE_PAGE,
        "people": ONE_FILE,
        "canaille": NO_COUNT,
        "django-scim2": ALL_AT_ONCE,
        "REST, scripts": ONE_FILE,
    },
    "observe archive enabling": {
        "arkib portal": SETTLES,
        "arkib portal, slow": SETTLES,
        "arkib portal, without If-Match": SETTLES,
        "scimmy": THERE_OR_NOT,
    },
    "observe archive terminating": {
        "arkib portal": SETTLES,
        "arkib portal, slow": SETTLES,
        "arkib portal, without If-Match": SETTLES,
        "scimmy": THERE_OR_NOT,
    },
    "observe archive terminated": {"scimmy": THERE_OR_NOT},
    "observe until when an archive is kept": {
        "scimmy": THERE_OR_NOT,
        "canaille": NO_DATES,
    },
    "observe account requested-to-delete": {
        "scimmy": ACTIVE_OR_NOT,
        "canaille": ACTIVE_OR_NOT,
    },
    "observe account deleted": {
        "scimmy": ACTIVE_OR_NOT,
        "canaille": ACTIVE_OR_NOT,
    },
    "observe a state that nobody knows": {
        "arkib portal": OWN_WORDS,
        "arkib portal, slow": OWN_WORDS,
        "arkib portal, without If-Match": OWN_WORDS,
        "scimmy": THERE_OR_NOT,
    },
    "two accounts with one address": {
        "arkib portal": UNIQUE,
        "arkib portal, slow": UNIQUE,
        "arkib portal, without If-Match": UNIQUE,
        "scim2-server": UNIQUE,
        "scim2-server, Peti": UNIQUE,
        "django-scim2": UNIQUE,
        "scim-patch": UNIQUE,
    },
    "inspection": {"people": NO_SCIM, "REST, scripts": NO_SCIM},
    "the request is kept": {"scimmy": NO_REQUEST, "canaille": NO_REQUEST},
    "a hold laid after the plan": {"people": BY_PEOPLE, "REST, scripts": BY_SCRIPT},
    "an account disabled after the plan": {"people": BY_PEOPLE, "REST, scripts": BY_SCRIPT},
    "another title after the plan": {"people": BY_PEOPLE, "REST, scripts": BY_SCRIPT},
    "done by somebody after the plan": {"people": BY_PEOPLE, "REST, scripts": BY_SCRIPT},
    "a hold laid at the very write": {
        "arkib portal, without If-Match": NO_IF_MATCH,
        "scimmy": NO_IF_MATCH,
        "people": BY_PEOPLE,
        "django-scim2": NO_IF_MATCH,
        "REST, scripts": BY_SCRIPT,
    },
}


def why_not(kind, case):
    """Why a case does not apply to a kind; None where it does."""
    return DIFFERENCES.get(case, {}).get(kind)
