"""The rule about programs that a test needs: skipped on a person's machine, a failure in CI."""

import sys
from pathlib import Path

import pytest

from tests.programs import needs


def test_finds_a_program_that_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    python = Path(sys.executable)
    monkeypatch.setenv("PATH", str(python.parent))

    assert Path(needs(python.name, apt="python3")).samefile(python)


def test_skips_on_a_persons_machine_and_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CI", raising=False)

    with pytest.raises(pytest.skip.Exception, match="sudo apt-get install no-such-package"):
        needs("no-such-program", apt="no-such-package")


def test_fails_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")

    with pytest.raises(pytest.fail.Exception, match="sudo apt-get install no-such-package"):
        needs("no-such-program", apt="no-such-package")
