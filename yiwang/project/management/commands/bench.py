"""`yiwang bench`: measures what the documentation claims, beside what it is compared to."""

from __future__ import annotations

import datetime as dt
import importlib
import json
import os
import platform
import sys
import time
from types import ModuleType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

FOLDER = settings.BASE_DIR / "benchmarks"


class Command(BaseCommand):
    help = (
        "Run benchmarks by name; without a name, list them. Ends with 1 when what is compared is not equal."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("names", nargs="*", metavar="NAME", help="file names of benchmarks/, or: all")
        parser.add_argument(
            "--scale", type=float, default=1.0, help="1 is the size that the documentation names"
        )
        parser.add_argument("--json", action="store_true", help="print the results as JSON")
        parser.add_argument("--keep", action="store_true", help="keep the output in benchmarks/results")

    def handle(self, *args: Any, **options: Any) -> None:
        known = names()
        wanted = known if options["names"] == ["all"] else options["names"]
        unknown = [name for name in wanted if name not in known]
        if unknown:
            raise CommandError(
                _("There is no benchmark %(name)s. There are: %(known)s.")
                % {"name": ", ".join(unknown), "known": ", ".join(known)}
            )
        if options["scale"] <= 0:
            raise CommandError(_("--scale is more than 0."))
        if not wanted:
            self._list(known, options["json"])
            return
        results = [self._run(name, options) for name in wanted]
        if options["json"]:
            self.stdout.write(json.dumps(results, ensure_ascii=False, indent=1))
        if not all(result["equal"] for result in results):
            raise SystemExit(1)

    def _list(self, known: list[str], as_json: bool) -> None:
        about = {name: (load(name).__doc__ or "").strip().partition("\n")[0] for name in known}
        if as_json:
            self.stdout.write(json.dumps(about, ensure_ascii=False, indent=1))
        for name, text in {} if as_json else about.items():
            self.stdout.write(f"{name:<12}{text}")

    def _run(self, name: str, options: dict) -> dict:
        module, lines = load(name), []

        def report(line: str) -> None:
            lines.append(line)
            if not options["json"]:
                self.stdout.write(line)
                self.stdout.flush()

        began, load_before = time.perf_counter(), os.getloadavg()[0]
        report(f"{module.NAME}: {(module.__doc__ or '').strip().partition(chr(10))[0]}")
        result = module.run(report, options["scale"])
        result |= {
            "name": module.NAME,
            "scale": options["scale"],
            "seconds": round(time.perf_counter() - began, 1),
            "machine": machine(load_before),
        }
        report(told(result))
        if options["keep"]:
            keep(name, result, lines)
        return result


def names() -> list[str]:
    """The benchmarks there are: every module of the folder `benchmarks`."""
    return sorted(file.stem for file in FOLDER.glob("*.py") if not file.stem.startswith("_"))


def load(name: str) -> ModuleType:
    root = str(settings.BASE_DIR)
    if root not in sys.path:
        sys.path.insert(0, root)
    return importlib.import_module(f"benchmarks.{name}")


def machine(load_before: float) -> dict:
    """What a figure depends on: processors, versions, and how busy the machine was."""
    return {
        "date": dt.date.today().isoformat(),  # noqa: DTZ011 - the day here
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "processor": _processor(),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()}",
        "load_before": round(load_before, 2),
        "load_after": round(os.getloadavg()[0], 2),
    }


def told(result: dict) -> str:
    facts = result["machine"]
    equal = "equal" if result["equal"] else "NOT EQUAL"
    return (
        f"{equal}; {result['seconds']} s; {facts['date']}, {facts['cores']} cores ({facts['processor']}), "
        f"Python {facts['python']}, load {facts['load_before']} before, {facts['load_after']} after"
    )


def keep(name: str, result: dict, lines: list[str]) -> None:
    folder = FOLDER / "results"
    folder.mkdir(exist_ok=True)
    text = json.dumps(result, ensure_ascii=False, indent=1)
    (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    (folder / f"{name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            found = next((line for line in file if line.startswith("model name")), "")
    except OSError:
        found = ""
    return found.partition(":")[2].strip() or platform.machine()
