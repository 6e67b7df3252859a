"""The Jinja2 environment of every page."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from yiwang.kernel.ui import clock, maps, moments, navigation, notices, present, words
from yiwang.kernel.ui.views import TEXT_SIZE_COOKIE, THEME_COOKIE, THEMES

HTML_LANGUAGES = {"zh-hans": "zh-Hans", "en": "en"}


def environment(**options) -> Environment:
    """Django calls this once. Gives `_`, `{% trans %}`, `static`, `url`, `icon` and the filters of `moments`."""
    options.setdefault("trim_blocks", True)
    options.setdefault("lstrip_blocks", True)
    options["autoescape"] = True
    env = Environment(**options)  # noqa: S701 - set the line above
    env.add_extension("jinja2.ext.i18n")
    env.add_extension("jinja2.ext.do")
    env.policies["ext.i18n.trimmed"] = True
    env.install_gettext_callables(
        translation.gettext,
        translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    env.globals.update(
        static=static,
        url=url,
        icon=icon,
        now=lambda: clock.now(),  # looked up each time, so that a test may replace it
        languages=list(settings.LANGUAGES),
        html_language=html_language,
        large_text=large_text,
        theme=theme,
        map_settings=maps.settings_of_maps,
        map_bounds=maps.bounds,
        navigation=navigation.navigation,
        take_notices=notices.take,
        present=present,
        time_state=moments.time_state,
        words=words,
    )
    for name in (
        "moment",
        "day",
        "short_day",
        "weekday",
        "ago",
        "left",
        "limit_text",
        "number",
        "percent",
        "length_of",
    ):
        env.filters[name] = _spoken(getattr(moments, name))
    env.filters["paragraphs"] = paragraphs
    return env


def _spoken(filter_: Callable[..., str]) -> Callable[..., str]:
    """A filter whose words depend on the language.

    A plain one over a fixed value, such as {{ "5wd"|limit_text }}, is worked out when the template is first read, and
    keeps the language of whoever came first; one that asks for the context is not.
    """

    @pass_context
    def spoken(_context: Context, *given: object, **named: object) -> str:
        return filter_(*given, **named)

    return spoken


def url(name: str, *args: object, **kwargs: object) -> str:
    """The address of a named view, with positional or named arguments."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


@lru_cache(maxsize=512)
def icon(name: str, label: str = "", extra: str = "") -> Markup:
    """An icon of the sprite. Decoration unless `label` says what it means in words."""
    sprite = static("vendor/tabler-icons/sprite.svg")
    role = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="icon {}" {} focusable="false"><use href="{}#{}"></use></svg>').format(
        extra, role, sprite, name
    )


def html_language() -> str:
    """The `lang` attribute of the page."""
    code = translation.get_language() or settings.LANGUAGE_CODE
    return HTML_LANGUAGES.get(code, code)


def large_text(request: object) -> bool:
    """True when the person asked for large text."""
    return bool(request) and getattr(request, "COOKIES", {}).get(TEXT_SIZE_COOKIE) == "large"


def theme(request: object) -> str:
    """light or dark when the person chose, else auto: as the machine is set."""
    chosen = getattr(request, "COOKIES", {}).get(THEME_COOKIE, "") if request else ""
    return chosen if chosen in THEMES else "auto"


def paragraphs(text: str | None) -> Markup:
    """Plain text of several lines as escaped HTML with line breaks."""
    return Markup("<br>").join(escape(line) for line in str(text or "").splitlines())
