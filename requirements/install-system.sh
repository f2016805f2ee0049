#!/bin/sh
# Installs the Debian packages named in the files given, when they are missing.
#   install-system.sh FILE...
# As root it installs; otherwise it says which command to run, and ends with status 1.
set -eu

packages=$(sed -e 's/#.*//' "$@")
missing=
for package in $packages; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)" = installed ] ||
        missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
    echo "These programs are needed and this is no Debian system:$missing" >&2
    echo "Install them with your system's package manager, then set LIASSE_SYSTEM_READY=1 and try again." >&2
    [ -n "${LIASSE_SYSTEM_READY:-}" ] || exit 1
    exit 0
fi
if [ "$(id -u)" != 0 ]; then
    echo "System packages are missing, and installing them needs root. Run this once, then try again:" >&2
    echo "    sudo apt-get update && sudo apt-get install -y --no-install-recommends$missing" >&2
    exit 1
fi

echo "Installing system packages:$missing"
export DEBIAN_FRONTEND=noninteractive
# Debian starts a service as soon as it is installed (PostgreSQL here); we start our own where we need one.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    trap 'rm -f "$policy"' EXIT
fi
log=$(mktemp)
# shellcheck disable=SC2086  # a list of words is meant
if ! { apt-get update && apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "Installing failed; the whole log is $log" >&2
    exit 1
fi
rm -f "$log"
