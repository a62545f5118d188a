# What scripts/* share; to be sourced, not run.
#
#   usage NAME          print the comment on top of the script NAME
#   say TEXT            one line of progress, on standard error
#   find_python         print a Python >= 3.11 that can make virtual environments (3.11 first: functions run on it)
#   make_venv DIR       make the virtual environment DIR, unless a working one is there
#   requirements DIR [EXTRA ...]  print what setup.cfg requires for iotgen and these extras, with the Python in DIR
#   install_locked DIR  install the requirements on standard input, as the lock pins them; pip verifies every hash
#   install_latest DIR  install the newest releases that the requirements on standard input allow
#   install_checkout DIR [--editable]  install iotgen itself, which downloads nothing
#   progress            print a line for each package that pip collects
#   has_terraform       whether a Terraform that iotgen can use is at hand: >= 1.11, or one named by IOTGEN_TERRAFORM
# shellcheck shell=bash

LOCK=requirements/dev.lock

usage() {
    sed -n '2,/^[^#]/{s/^# \{0,1\}//p}' "$1"
}

say() {
    printf '==> %s\n' "$*" >&2
}

die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

find_python() {
    local name
    for name in ${PYTHON:-python3.11 python3.12 python3.13 python3.14 python3 python}; do
        # Run it rather than look for it: a version manager has commands for versions that it doesn't have.
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            if "$name" -c 'import ensurepip, venv' 2>/dev/null; then
                "$name" -c 'import sys; print(sys.executable)'
                return
            fi
            local incomplete="$name"
        fi
    done
    if [ -n "${incomplete:-}" ]; then
        die "$incomplete cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv"
    fi
    [ -z "${PYTHON:-}" ] || die "PYTHON names $PYTHON, which is no Python 3.11 or newer that can be run"
    die "no Python 3.11 or newer found. Install one, or name it: PYTHON=/path/to/python3.11 $0"
}

make_venv() {
    if "$1/bin/python" -m pip --version >/dev/null 2>&1; then
        return
    fi
    local python
    python="$(find_python)" || exit 1
    say "Making the virtual environment $1 with $("$python" --version)"
    "$python" -m venv --clear "$1"
}

requirements() {
    "$1/bin/python" - "${@:2}" <<'END'
import configparser, sys

setup = configparser.ConfigParser()
setup.read("setup.cfg")
print(setup["options"]["install_requires"])
for extra in sys.argv[1:]:
    print(setup["options.extras_require"][extra])
END
}

install_locked() {
    # Into a pipe Python would write the progress at the end: -u.
    local pip="$1/bin/python -u -m pip install --disable-pip-version-check --require-hashes --no-build-isolation"
    # An older pip takes no pins from a constraints file: the lock's own pip comes first, and what builds a package.
    awk '/^[^ #]/ {on = /^(pip|setuptools)==/} on' "$LOCK" | $pip --quiet --requirement /dev/stdin
    # Of the lock's packages only those that are required here: the lock constrains, and gives the hashes.
    $pip --progress-bar off --constraint "$LOCK" --requirement /dev/stdin | progress
}

install_latest() {
    # pip and setuptools first: --no-build-isolation has packages built by what is installed.
    "$1/bin/python" -m pip install --quiet --disable-pip-version-check --upgrade pip setuptools &&
        "$1/bin/python" -u -m pip install --disable-pip-version-check --progress-bar off --no-build-isolation --upgrade \
            --upgrade-strategy eager --requirement /dev/stdin | progress
}

install_checkout() {
    # setuptools warns of folders that are named like a package; here the package is in the checkout on purpose.
    PYTHONWARNINGS='ignore:Editable installation' "$1/bin/python" -m pip install --quiet --disable-pip-version-check --no-index --no-deps --no-build-isolation \
        --force-reinstall ${2:+"$2"} .
}

progress() {
    awk '$1 == "Collecting" {print "  " $2} /^Installing collected/ {print "  unpacking them"} {fflush()}' >&2
}

has_terraform() {
    [ -n "${IOTGEN_TERRAFORM:-}" ] && return
    local name version
    for name in terraform tofu; do
        if command -v "$name" >/dev/null; then
            version="$("$name" version 2>/dev/null | sed -n '1s/^[A-Za-z]* v\([0-9]*\.[0-9]*\).*/\1/p')"
            # iotgen takes the first of the two that is there, so the other one needs no look.
            [ -n "$version" ] && [ "$(printf '1.11\n%s\n' "$version" | sort -V | head -n 1)" = 1.11 ]
            return
        fi
    done
    return 1
}
