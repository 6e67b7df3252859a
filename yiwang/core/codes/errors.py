"""The one error that every code parser raises."""

from collections.abc import Mapping

SHOWN = 40  # a refused text is quoted in messages only up to this many characters


def N_(message: str) -> str:
    return message


#: What each kind of code is called in messages; upper floors translate the values.
KIND_NAMES: dict[str, str] = {
    "resident_id": N_("resident ID"),
    "uscc": N_("unified social credit code"),
    "org_code": N_("organisation code"),
    "area": N_("area code"),
    "component": N_("component code"),
    "matter_class": N_("matter class code"),
    "grid": N_("unit grid code"),
    "matter_number": N_("matter number"),
    "mobile": N_("mobile number"),
    "phone": N_("phone number"),
    "project_code": N_("project code"),
}


class CodeError(ValueError):
    """A text is not the code it should be.

    kind: which code was expected, a key of `KIND_NAMES`;
    code: the cause as a short stable word (``length``, ``characters``, ``checksum``, ``birth_date``, …);
    value_masked: the text as it may be shown and logged (personal codes are masked, long texts cut);
    reason, advice: English sentences with ``%(name)s`` placeholders, so that they can be translated;
    params: the values of the placeholders.
    """

    def __init__(
        self,
        kind: str,
        code: str,
        value_masked: str,
        reason: str,
        advice: str,
        params: Mapping[str, object] | None = None,
    ):
        self.kind = kind
        self.code = code
        self.value_masked = value_masked
        self.reason = reason
        self.advice = advice
        self.params = dict(params or {})
        name = KIND_NAMES[kind]
        super().__init__(f"{name} {value_masked!r}: {reason % self.params}; {advice % self.params}")

    def __reduce__(self):
        # The default would hand the finished sentence back as the only argument.
        fields = (self.kind, self.code, self.value_masked, self.reason, self.advice, self.params)
        return type(self), fields
