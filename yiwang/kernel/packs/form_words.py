"""What core.forms refuses in a schema, said in the reader's language: core knows no Django, so it speaks English only."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yiwang.core import forms
from yiwang.kernel.packs.forms import FormProblem

# Word for word what core says; a test compares them.
SENTENCES = (
    gettext_noop("it is empty"),
    gettext_noop("it is longer than %(most)d characters"),
    gettext_noop("it cannot be read"),
    gettext_noop("it has more than %(most)d parts"),
    gettext_noop("the name %(name)s is not allowed"),
    gettext_noop("only + - * may be computed"),
    gettext_noop("%(name)s is not allowed"),
    gettext_noop("only not and - may stand before a value"),
    gettext_noop("write a < b and b < c instead of a < b < c"),
    gettext_noop("in needs a list of values: kind in ['a', 'b']"),
    gettext_noop("write == and != instead of is"),
    gettext_noop("there are only the functions %(names)s"),
    gettext_noop("%(name)s takes another number of values"),
    gettext_noop("write sum(rows.name) and count(rows)"),
    gettext_noop("a value is text, a whole number, True or False"),
    gettext_noop("it must be an object with properties"),
    gettext_noop("it needs properties"),
    gettext_noop("the answers are nested too deeply"),
    gettext_noop("required names a property that is not there"),
    gettext_noop("the form has more than %(most)d answers"),
    gettext_noop("a name has small letters, digits and _ and begins with a letter"),
    gettext_noop("it must be a schema with a type"),
    gettext_noop("it needs a title"),
    gettext_noop("what is computed can't be required"),
    gettext_noop("%(given)s is not among the types and formats of forms"),
    gettext_noop("forms do not know %(key)s here"),
    gettext_noop("%(text)s: %(why)s"),
    gettext_noop("there is no answer %(name)s before this one"),
    gettext_noop("%(name)s has no rows of that name"),
    gettext_noop("the least is more than the most"),
    gettext_noop("a list of choices needs uniqueItems: true"),
    gettext_noop("rows are objects without rows of their own"),
    gettext_noop("enum is a list of different texts"),
    gettext_noop("x-names gives for each value its Chinese and English name"),
    gettext_noop("a pattern has at most 100 characters"),
    gettext_noop("%(pattern)s is no plain pattern"),
    gettext_noop("it must be a whole number up to %(most)d"),
    gettext_noop("it must be a whole number"),
    gettext_noop("it must be true or false"),
    gettext_noop("the only const is true: a box that must be ticked"),
    gettext_noop("it must be earlier names"),
    gettext_noop("it must be names such as self.name"),
    gettext_noop("what stands in rows can't be filled in"),
    gettext_noop("what is computed can't be filled in"),
)


def told(wrong: FormProblem | forms.SchemaProblem) -> str:
    """What is wrong, in the language of the reader."""
    params = {
        name: _(value.message) % value.params if isinstance(value, forms.BadExpression) else value
        for name, value in wrong.params.items()
    }
    return _(wrong.message) % params if params else _(wrong.message)
