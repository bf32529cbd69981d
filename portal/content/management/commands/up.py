"""`manage.py up`: a site that works, from nothing: database, content, index, task worker, server."""

import signal
import subprocess
import sys
import time

from django.conf import settings
from django.core.management import BaseCommand, call_command
from django.core.management.base import CommandError
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from portal.accounts.development import PASSWORD, ensure_people


class Command(BaseCommand):
    help = "Prepare the site (migrate, load content, build the index) and serve it. A second run changes no content."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--prepare-only", action="store_true", help="Stop before serving.")
        parser.add_argument("--reload", action="store_true", help="Serve anew when code changes.")

    def handle(self, *args, port: int, host: str, prepare_only: bool, reload: bool, **options) -> None:
        started = time.monotonic()
        for folder in (settings.VAR_DIR, settings.MEDIA_ROOT, settings.VAR_DIR / "mail"):
            folder.mkdir(parents=True, exist_ok=True)
        self.migrate()
        self.step("Content")
        call_command("load_content", verbosity=options["verbosity"])
        self.step("Search index")
        call_command("ensure_index", verbosity=options["verbosity"])
        people = ensure_people()
        if people:
            # What they keep and send: commands of rooms that this one does not know.
            call_command("sample_keepers", verbosity=options["verbosity"])
            call_command("sample_referrals", verbosity=options["verbosity"])
        self.step(f"Ready in {time.monotonic() - started:.0f} s")
        if prepare_only:
            return
        self.tell_addresses(host, port, people)
        self.serve(host, port, reload)

    def step(self, words: str) -> None:
        self.stdout.write(self.style.MIGRATE_HEADING(words))
        self.stdout.flush()

    def migrate(self) -> None:
        executor = MigrationExecutor(connections["default"])
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.step("Database")
            call_command("migrate", interactive=False, verbosity=0)

    def tell_addresses(self, host: str, port: int, people: list) -> None:
        site = f"http://{host}:{port}"
        self.stdout.write(f"\n  Site    {site}/\n  Admin   {site}/admin/")
        if people:
            self.stdout.write(f"  Logins for development (debug mode only), password: {PASSWORD}")
            for person in people:
                self.stdout.write(f"    {person.email:28} {person.get_full_name()}")
            self.stdout.write(f"  or with one press: {site}/dev-login/")
            self.stdout.write(f"  Letters that were sent: {site}/dev-mail/")
        self.stdout.write("\n  Stop with Ctrl+C.\n")
        self.stdout.flush()

    def serve(self, host: str, port: int, reload: bool) -> None:
        manage = [sys.executable, sys.argv[0]]
        # However we are ended, the worker is told; and by us alone: a second word to stop cuts the task at hand off, so
        # Ctrl+C must not reach it.
        for ending in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(ending, signal.default_int_handler)
        worker = subprocess.Popen([*manage, "worker"], start_new_session=True)  # noqa: S603 our own command
        try:
            arguments = [f"{host}:{port}"] + ([] if reload else ["--noreload"])
            code = subprocess.call([*manage, "runserver", *arguments])  # noqa: S603 our own command
            if code:
                raise CommandError(f"The server stopped. Is port {port} in use? Try PORT=8001.")
        except KeyboardInterrupt:
            pass
        finally:
            worker.terminate()
            try:
                worker.wait(timeout=20)
            except subprocess.TimeoutExpired:
                # What it was at is taken up by the next one.
                worker.kill()
