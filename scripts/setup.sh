# What scripts/* share; to be sourced, not run.
#
#   usage NAME          print the comment on top of the script NAME
#   say TEXT            one line of progress, on standard error
#   find_python         print a Python >= 3.11 that can make virtual environments (3.11 first: functions run on it)
#   make_venv DIR       make the virtual environment DIR, unless a working one is there
#   has_terraform       whether a Terraform that iotgen can use is at hand: >= 1.11, or one named by IOTGEN_TERRAFORM
# shellcheck shell=bash

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
