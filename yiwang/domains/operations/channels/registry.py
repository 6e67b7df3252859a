"""The channels there are. A district's own channel registers itself here from its app."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yiwang.domains.operations.channels.base import Channel, FileChannel
from yiwang.kernel.errors import Invalid, NotFound

_channels: dict[str, Channel] = {}


def register(channel: Channel) -> Channel:
    _channels[channel.slug] = channel
    return channel


def channel(slug: str) -> Channel:
    """Raises NotFound with the channels there are."""
    try:
        return _channels[slug]
    except KeyError:
        raise NotFound(
            _("There is no channel %(slug)s. Known: %(known)s.")
            % {"slug": slug, "known": ", ".join(sorted(_channels))},
            code="no_channel",
            where="channel",
        ) from None


def all_channels() -> list[Channel]:
    return [_channels[slug] for slug in sorted(_channels)]


def file_channels() -> list[FileChannel]:
    return [one for one in all_channels() if isinstance(one, FileChannel)]


def for_header(header: list[str]) -> FileChannel:
    """The channel whose columns these are. Raises Invalid with the columns that would be understood."""
    best = max(file_channels(), key=lambda one: one.fits(header))
    if not best.fits(header):
        raise Invalid(
            _("No channel knows these columns: %(columns)s. Name one with --channel.")
            % {"columns": ", ".join(header)},
            code="unknown_columns",
        )
    return best


def register_all() -> None:
    from yiwang.domains.operations.channels import hotline, messages, open311, portal, staff

    for one in (portal.Portal(), staff.Staff(), open311.Open311(), hotline.Hotline(), messages.Messages()):
        register(one)
