#!/usr/bin/env bash
# Brings the Debian packages that the later parts of CI want, where they are missing and root may install them, and starts none of
# their services. A package that cannot be had is no fault here: the part that wants it says so.
set -euo pipefail

packages=()
command -v promtool >/dev/null || packages+=(prometheus)
command -v nginx >/dev/null || packages+=(nginx-light)
command -v openssl >/dev/null || packages+=(openssl)
command -v redis-server >/dev/null || packages+=(redis-server)
[ -x "${CHROMIUM:-/usr/bin/chromium}" ] || packages+=(chromium)
[ "${#packages[@]}" -gt 0 ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || exit 0

# Debian's packages ask it before they start a service; 101 forbids that.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
  trap 'rm -f "$policy"' EXIT
fi
export DEBIAN_FRONTEND=noninteractive
timeout 120 apt-get update -qq
timeout 300 apt-get install -y -qq --no-install-recommends "${packages[@]}"
