"""The site's settings under test: no test ever touches the data folder of a real site."""

import atexit
import os
import shutil
import tempfile

os.environ["PASSALONG_DATA_DIR"] = tempfile.mkdtemp(prefix="passalong-tests-")
atexit.register(shutil.rmtree, os.environ["PASSALONG_DATA_DIR"], ignore_errors=True)
for name in ("PASSALONG_SITE_URL", "PASSALONG_TRACKER_URL", "PASSALONG_TEMPLATES_DIR"):
    os.environ.pop(name, None)

from server.settings import *  # noqa: E402, F403  (reads the environment made above)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT.mkdir()  # noqa: F405  (whitenoise warns when it is missing)
(DATA_DIR / "queue").mkdir()  # noqa: F405  (`serve` makes it)
# A file: threads of one test, each with its own connection, cannot wait for one in memory.
DATABASES["default"].setdefault("TEST", {"NAME": str(DATA_DIR / "tests.sqlite3")})  # noqa: F405
