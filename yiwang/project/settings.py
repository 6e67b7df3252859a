"""Settings. Everything a district may set comes from the environment; docs/operate.md lists it."""

from __future__ import annotations

import sys
from pathlib import Path

from yiwang.project import environment as env

BASE_DIR = Path(__file__).resolve().parents[2]
HOME = env.home(BASE_DIR)
PRODUCTION = env.production()
DEBUG = False
SECRET_KEY = env.secret("YIWANG_SECRET_KEY", HOME / "secret", PRODUCTION)
SEAL_KEY = env.secret("YIWANG_SEAL_KEY", HOME / "seal", PRODUCTION)
SIGN_KEY = env.secret("YIWANG_SIGN_KEY", HOME / "sign", PRODUCTION)
SIGN_ALGORITHM = env.text("YIWANG_SIGN_ALGORITHM", "ed25519")
ALLOWED_HOSTS = env.words("YIWANG_HOSTS", ["127.0.0.1", "localhost", "[::1]", "testserver"])
CSRF_TRUSTED_ORIGINS = env.words("YIWANG_ORIGINS", [])

PACKS_DIR = env.path("YIWANG_PACKS", BASE_DIR / "packs")
PACK = env.text("YIWANG_PACK", "dadong")
FILES_DIR = HOME / "files"
ARCHIVE_DIR = HOME / "archive"
NOTIFIERS = env.words("YIWANG_NOTIFIERS", ["log"])
NOTIFIER_OPTIONS = env.notifiers(HOME, PRODUCTION)
# Maps draw the district's own outlines and roads; a tile server may be set beneath them.
LAKE_AT = env.clock("YIWANG_LAKE_AT", "02:00")
TILES = env.tiles("YIWANG_TILES")
TILES_BY = env.text("YIWANG_TILES_BY")

DATABASES = {"default": env.database("YIWANG_DATABASE", HOME / "yiwang.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "yiwang.kernel.access",
    "yiwang.kernel.registers",
    "yiwang.kernel.packs",
    "yiwang.kernel.records",
    "yiwang.kernel.matters",
    "yiwang.kernel.lake",
    "yiwang.kernel.pace",
    "yiwang.kernel.notices",
    "yiwang.kernel.ui",
    "yiwang.domains.operations",
    "yiwang.domains.streets",
    "yiwang.domains.assistance",
    "yiwang.domains.services",
    "yiwang.domains.approvals",
    "yiwang.faces.people",
    "yiwang.faces.portal",
    "yiwang.faces.workbench",
    "yiwang.faces.rulebook",
    "yiwang.faces.wall",
    "yiwang.faces.field",
    "yiwang.faces.api",
    "yiwang.project",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "axes",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "yiwang.kernel.ui.middleware.PolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "yiwang.kernel.ui.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "yiwang.kernel.access.middleware.ActorMiddleware",
    "yiwang.kernel.ui.middleware.ProblemMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "yiwang.project.urls"
WSGI_APPLICATION = "yiwang.project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": False,
        "DIRS": [str(p) for p in sorted((BASE_DIR / "yiwang").glob("*/*/templates"))],
        "OPTIONS": {"environment": "yiwang.kernel.ui.jinja.environment", "autoescape": True},
    },
    # Only so that third-party packages can render their own pages.
    {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True},
]

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "yiwang.kernel.access.signin.PostsBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
CSRF_FAILURE_VIEW = "yiwang.kernel.ui.views.csrf_failure"
LOGIN_URL = "/sign-in"
LOGIN_REDIRECT_URL = "/work"
LOGOUT_REDIRECT_URL = "/"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_VERBOSE = False
# How many proxies in front write X-Forwarded-For; without it everybody behind one shares its address.
TRUSTED_PROXIES = env.whole("YIWANG_PROXIES", 0)
AXES_CLIENT_IP_CALLABLE = "yiwang.kernel.access.addresses.client_address"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = False  # the proxy in front does it
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_HSTS_SECONDS = 31536000 if PRODUCTION else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:", *env.origins(TILES)],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "worker-src": ["'self'"],
        "connect-src": ["'self'", *env.origins(TILES)],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "yiwang" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
APPEND_SLASH = False

TESTING = "pytest" in sys.modules
LOGGING = env.logging(PRODUCTION)
