"""Exit codes, and errors that end a command without a word of a report."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from labeling.issues import InputError, Issue
from levelwise.errors import EXIT_HELP, Exit, end_with

SECRET = "Jane Example has severe stenosis"


def raised(make: Callable[[], BaseException]) -> BaseException:
    """The exception with a traceback, as a command would meet it."""
    with pytest.raises(BaseException) as caught:
        raise make()
    return caught.value


@pytest.mark.parametrize(
    ("make", "code", "shown"),
    [
        (lambda: InputError(Issue("a.csv", "no-text", "expected a text column.", "Name it.")), 2, "Name it."),
        (lambda: FileNotFoundError(2, "No such file or directory", "a.csv"), 2, "a.csv: No such file"),
        (lambda: PermissionError(13, "Permission denied", "out"), 2, "out: Permission denied."),
        (lambda: OSError(28, "No space left on device", "out/x"), 2, "No space left"),
        (KeyboardInterrupt, 130, "run the same command again"),
        (lambda: ValueError(SECRET), 1, "unexpected ValueError in test_errors.py, line"),
    ],
)
def test_an_error_has_its_exit_code_and_its_cure(
    make: Callable[[], BaseException], code: int, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert end_with(raised(make), show_traceback=False) == code
    said = " ".join(capsys.readouterr().err.split())
    assert shown in said
    assert SECRET not in said


def test_only_who_asks_for_the_traceback_sees_the_text(capsys: pytest.CaptureFixture[str]) -> None:
    end_with(raised(lambda: ValueError(SECRET)), show_traceback=True)
    assert SECRET in capsys.readouterr().err


@pytest.mark.parametrize("code", Exit)
def test_every_exit_code_is_in_the_help(code: Exit) -> None:
    assert str(code.value) in EXIT_HELP


def test_help_and_import_load_neither_torch_nor_arrow() -> None:
    script = (
        "import sys, levelwise\n"
        "from typer.testing import CliRunner\n"
        "from levelwise.cli import app\n"
        "result = CliRunner().invoke(app, ['--help'])\n"
        "assert result.exit_code == 0 and 'evaluate' in result.output, result.output\n"
        "heavy = {'torch', 'pyarrow', 'spacy', 'pandas', 'numpy', 'pydicom'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_a_stranger_called_dataset_is_refused_with_the_cure() -> None:
    script = (
        "import sys, types\n"
        "stranger = types.ModuleType('dataset'); stranger.__file__ = 'elsewhere/dataset/__init__.py'\n"
        "sys.modules['dataset'] = stranger\n"
        "import levelwise\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "pip uninstall dataset" in done.stderr


def test_python_m_levelwise_is_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "levelwise", "label"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, "Usage: " in done.stderr + done.stdout) == (2, True)
