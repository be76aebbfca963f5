"""Settings of the tests: a home of their own, a key of their own, and a database that threads can share."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

from cryptography.fernet import Fernet

_home = tempfile.mkdtemp(prefix="valetkey-tests-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
# Whatever the tests and the programs they start put into the temporary folder lands here, and is looked for at the end.
LEFT_BEHIND = f"{_home}/tmp"
os.mkdir(LEFT_BEHIND)
os.environ["TMPDIR"] = tempfile.tempdir = LEFT_BEHIND
for _name in [name for name in os.environ if name.startswith("VALETKEY_") and "DATABASE_URL" not in name]:
    del os.environ[_name]
os.environ["VALETKEY_HOME"] = _home
os.environ["VALETKEY_KEYS"] = Fernet.generate_key().decode()

from valetkey.settings import *  # noqa: E402, F403
from valetkey.settings import DATABASES  # noqa: E402

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file: several threads and processes of a test speak to it, as they would to a real desk.
    DATABASES["default"]["TEST"] = {"NAME": f"{_home}/test.sqlite3"}
    # Rows asked for in no order come in the other one, so that whoever counts on it is found; and tests keep nothing.
    _options = DATABASES["default"]["OPTIONS"]
    _options["init_command"] += " PRAGMA reverse_unordered_selects=ON; PRAGMA synchronous=OFF;"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
