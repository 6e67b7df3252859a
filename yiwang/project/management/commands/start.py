"""`yiwang start` (`make demo`): everything from an empty folder to a served demonstration."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.kernel.matters.models import Matter
from yiwang.kernel.packs.management.commands.pack import Bar
from yiwang.kernel.registers.models import Person
from yiwang.project import preparing, serving

# People of the demonstration: as many as fit into a short first start; see docs/registers.md.
RESIDENTS = 20_000


class Command(BaseCommand):
    help = "Prepare the data folder (tables, pack, demonstration) as far as needed, then serve."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--prepare-only", action="store_true", help="do not serve")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError(
                _("YIWANG_ENV is production. Run one by one: yiwang migrate, yiwang pack load, yiwang serve.")
            )
        how = serving.serving()
        if not options["prepare_only"]:
            serving.check_free(how)
        self._prepare()
        if options["prepare_only"]:
            return
        self._tell(how)
        serving.serve(how)

    def _prepare(self) -> None:
        preparing.compile_languages()
        preparing.migrate()
        with Bar(self.stderr, silent=False) as bar:
            preparing.load_pack(bar)
        if not Matter.objects.exists():
            from yiwang.project.management.commands.demo import create_with_bar

            create_with_bar(timezone.now(), 1.0, 1, self.stderr, quiet=False)
        if not Person.objects.exists():
            from yiwang.project.management.commands.population import fill_with_bar

            fill_with_bar(RESIDENTS, 1, timezone.now(), self.stderr, quiet=False)

    def _tell(self, how: serving.Serving) -> None:
        from yiwang.project.management.commands.demo import account_lines

        lines = [
            "",
            "一网 Yiwang · 大东区演示 Dadong demonstration",
            f"  市民门户 Portal       {how.address}/",
            f"  工作台 Workbench     {how.address}/sign-in",
            f"  接口文档 API          {how.address}/api/v1/openapi.json",
            f"  Open311               {how.address}/open311/discovery.json",
            f"  数据目录 Data folder  {settings.HOME}",
            account_lines(),
            "  按 Ctrl-C 停止 Press Ctrl-C to stop",
        ]
        self.stdout.write("\n".join(lines))
        sys.stdout.flush()
