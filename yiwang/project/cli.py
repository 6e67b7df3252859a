"""`yiwang`: Django's own command mechanism under one name."""

from __future__ import annotations

import os
import sys

from yiwang.kernel.errors import Problem


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.project.settings")
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except Problem as problem:
        print(problem.detail, file=sys.stderr)
        for line in problem.errors:
            print(f"  {line.get('where', '')}: {line.get('detail', '')}", file=sys.stderr)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
