"""The expressions of GitHub Actions that the examples use. Unknown names are an error, never empty."""

import re

TOKEN = re.compile(
    r"\s*(?:(?P<operator>&&|\|\||==|!=|!|\(|\))"
    r"|'(?P<text>(?:[^']|'')*)'"
    r"|(?P<name>[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*)(?P<call>\(\))?)"
)
PLACE = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)

# Contexts that are empty if not set, as on GitHub; every other context must have the name.
MAY_LACK = {"secrets", "vars", "inputs"}


class Unknown(Exception):
    """An expression that these tests do not support."""


def names(text):
    """Every `context.name` in the expressions of a text."""
    found = []
    for inner in PLACE.findall(text):
        found += [token["name"] for token in _tokens(inner) if token["name"] and not token["call"]]
    return found


def fill(text, contexts):
    """A text with its expressions replaced."""
    return PLACE.sub(lambda found: _text(evaluate(found[1], contexts)), str(text))


def condition(text, contexts, job):
    """Whether a job or step with this `if` runs; `job` is what became of it so far: success, failure or cancelled."""
    if text is None:
        return job == "success"
    text = str(text).strip()
    inner = PLACE.fullmatch(text)
    text = inner[1] if inner else text
    status = {
        "success": job == "success",
        "failure": job == "failure",
        "cancelled": job == "cancelled",
        "always": True,
    }
    asked = [token["name"] for token in _tokens(text) if token["call"]]
    found = bool(evaluate(text, contexts, status))
    # A condition that asks for no status stands for `success() && (…)`.
    return found if asked else found and job == "success"


def evaluate(text, contexts, status=None):
    tokens = _tokens(text)
    value = _either(tokens, contexts, status or {})
    if tokens:
        raise Unknown(f"cannot read {text!r} from {tokens[0][0]!r} on")
    return value


def _tokens(text):
    tokens, place = [], 0
    text = text.strip()
    while place < len(text):
        found = TOKEN.match(text, place)
        if not found:
            raise Unknown(f"cannot read {text[place:]!r}")
        tokens.append(found)
        place = found.end()
    return tokens


def _take(tokens, *operators):
    if tokens and tokens[0]["operator"] in operators:
        return tokens.pop(0)["operator"]
    return None


def _either(tokens, contexts, status):
    value = _both(tokens, contexts, status)
    while _take(tokens, "||"):
        other = _both(tokens, contexts, status)
        value = value or other
    return value


def _both(tokens, contexts, status):
    value = _compared(tokens, contexts, status)
    while _take(tokens, "&&"):
        other = _compared(tokens, contexts, status)
        value = value and other
    return value


def _compared(tokens, contexts, status):
    value = _single(tokens, contexts, status)
    operator = _take(tokens, "==", "!=")
    if operator:
        other = _single(tokens, contexts, status)
        return (_text(value).lower() == _text(other).lower()) == (operator == "==")
    return value


def _single(tokens, contexts, status):
    if _take(tokens, "!"):
        return not _single(tokens, contexts, status)
    if _take(tokens, "("):
        value = _either(tokens, contexts, status)
        if not _take(tokens, ")"):
            raise Unknown("a bracket is not closed")
        return value
    if not tokens or tokens[0]["operator"]:
        raise Unknown("a value is missing")
    token = tokens.pop(0)
    if token["text"] is not None:
        return token["text"].replace("''", "'")
    if token["call"]:
        if token["name"] not in status:
            raise Unknown(f"{token['name']}() is not known here")
        return status[token["name"]]
    return _look_up(token["name"], contexts)


def _look_up(name, contexts):
    context, *path = name.split(".")
    if context not in contexts or not path:
        raise Unknown(f"{name} is not known here")
    value = contexts[context]
    for step in path:
        if not isinstance(value, dict) or step not in value:
            if context in MAY_LACK and len(path) == 1:
                return ""
            raise Unknown(f"{name} is not known here")
        value = value[step]
    return value


def _text(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return ""
    if isinstance(value, (dict, list)):
        raise Unknown("a whole context is no text")
    return str(value)
