"""Reading the environment, with a sentence that says what to set when something is missing or wrong."""

from __future__ import annotations

import os
import secrets
from datetime import time
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit


class MissingSetting(SystemExit):
    """Stops the start; the text says what to set."""


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def words(name: str, default: list[str]) -> list[str]:
    value = text(name)
    return [w.strip() for w in value.split(",") if w.strip()] if value else default


def whole(name: str, default: int) -> int:
    value = text(name, str(default))
    if not value.isdecimal():
        raise MissingSetting(f"{name} is {value!r}; set it to a whole number.")
    return int(value)


def clock(name: str, default: str) -> time | None:
    """An hour of the day such as 02:00; None for `off`."""
    value = text(name, default)
    if value == "off":
        return None
    try:
        return time.fromisoformat(value)
    except ValueError:
        raise MissingSetting(f"{name} is {value!r}; set it to an hour such as 02:00, or to off.") from None


def tiles(name: str) -> str:
    """The address pattern of a tile server (raster tiles, WGS 84 web mercator), '' where none is set."""
    value = text(name)
    parts = urlsplit(value)
    if value and not (
        parts.scheme in ("http", "https") and parts.netloc and all(f"{{{key}}}" in value for key in "zxy")
    ):
        raise MissingSetting(
            f"{name} is {value!r}; set it to an address like https://host/{{z}}/{{x}}/{{y}}.png"
        )
    return value


def origins(address: str) -> list[str]:
    """The origin of an address for the content policy, as a list; empty for ''."""
    parts = urlsplit(address)
    return [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []


def path(name: str, default: Path) -> Path:
    return Path(text(name, str(default))).expanduser().resolve()


def home(base: Path) -> Path:
    """The data folder `YIWANG_HOME`, made if it is not there (default: `var` beside the code)."""
    folder = path("YIWANG_HOME", base / "var")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def production() -> bool:
    value = text("YIWANG_ENV", "demo")
    if value not in ("demo", "production"):
        raise MissingSetting(f"YIWANG_ENV is {value!r}; set it to demo or production.")
    return value == "production"


def secret(name: str, file: Path, is_production: bool) -> str:
    """The secret from the environment; outside production one is made once and kept in `file`."""
    value = text(name)
    if value:
        if len(value) < 32:
            raise MissingSetting(f"{name} is too short; set it to at least 32 random characters.")
        return value
    if is_production:
        raise MissingSetting(
            f"{name} is not set. In production set it to at least 32 random characters, for example from: "
            'python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    if not file.exists():
        new = file.with_suffix(f".{os.getpid()}")
        new.touch(mode=0o600)
        new.write_text(secrets.token_urlsafe(48))
        try:
            os.link(new, file)  # the first of several processes wins
        except FileExistsError:
            pass
        finally:
            new.unlink()
    return file.read_text().strip()


def database(name: str, sqlite_file: Path) -> dict:
    """Django's database entry: SQLite at `sqlite_file`, or what the `postgresql://` address says."""
    address = text(name)
    if not address:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(sqlite_file),
            "CONN_MAX_AGE": None,  # each thread keeps its connection, and its cache with it
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # FULL: an acknowledged report survives a power cut, not only a killed process.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; "
                "PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;",
            },
        }
    parts = urlsplit(address)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise MissingSetting(f"{name} must look like postgresql://user:password@host:5432/database")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.strip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": False,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


def notifiers(folder: Path, is_production: bool) -> dict[str, dict]:
    """What is set of the options of notifiers; each looks at its own when it is in use."""
    mail = {
        "host": text("YIWANG_MAIL_HOST"),
        "port": text("YIWANG_MAIL_PORT"),
        "user": text("YIWANG_MAIL_USER"),
        "password": text("YIWANG_MAIL_PASSWORD"),
        "security": text("YIWANG_MAIL_SECURITY"),
        "sender": text("YIWANG_MAIL_SENDER"),
    }
    webhook = {
        "urls": tuple(words("YIWANG_WEBHOOK_URLS", [])),
        "secret": text("YIWANG_WEBHOOK_SECRET"),
        "topics": tuple(words("YIWANG_WEBHOOK_TOPICS", [])),
        "timeout": text("YIWANG_WEBHOOK_TIMEOUT"),
        "public_only": text("YIWANG_WEBHOOK_PUBLIC_ONLY"),
    }
    found = {
        slug: {name: value for name, value in given.items() if value}
        for slug, given in (("mail", mail), ("webhook", webhook))
    }
    if "mail" in words("YIWANG_NOTIFIERS", []) and "host" not in found["mail"]:
        if is_production:
            raise MissingSetting("YIWANG_MAIL_HOST is not set; name the mail server, or leave mail out.")
        found["mail"]["folder"] = str(folder / "mail")  # written there, sent nowhere
    origins = words("YIWANG_ORIGINS", [])
    found["mail"]["address"] = (
        origins[0] if origins else f"http://{text('YIWANG_HOST', '127.0.0.1')}:{text('PORT', '8000')}"
    )
    return found


def logging(is_production: bool) -> dict:
    """Log lines to standard error; JSON by structlog in production (see `yiwang.project.logs`)."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {"()": "yiwang.project.logs.formatter", "json": is_production},
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "INFO" if is_production else "WARNING"},
        "loggers": {"axes": {"level": "ERROR"}},
    }
