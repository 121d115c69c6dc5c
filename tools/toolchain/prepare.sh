#!/usr/bin/env bash
# What every target stands on: Node and pnpm in .toolchain/, and the packages of the lock file. Quick when nothing changed.
# The stamp names what the installation was made from and the folders it made, and is written last: an installation that
# was cut short, one that lost a folder, and one of an older lock file are all made again.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

stamp=node_modules/.installed-from
lock=.tmp/toolchain.lock
lock_wait_seconds=900

state() {
  cat tools/toolchain/package-lock.json pnpm-lock.yaml pnpm-workspace.yaml package.json {libs,services,programs}/*/package.json web/package.json | cksum
  ls -d node_modules {libs,services,programs}/*/node_modules web/node_modules 2>/dev/null || true
}
is_prepared() {
  [ -x .toolchain/bin/node ] && [ -x .toolchain/bin/pnpm ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(state)" ]
}

is_prepared && exit 0

# One at a time: two terminals may begin with a fresh clone at once. The link holds the owner's process id.
mkdir -p .tmp
until ln -s "$$" "$lock" 2>/dev/null; do
  owner="$(readlink "$lock" || true)"
  if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; then rm -f "$lock"; else sleep 0.2; fi
  if [ "$SECONDS" -gt "$lock_wait_seconds" ]; then echo "Process $owner still installs; if it does not, remove $lock." >&2; exit 1; fi
done
trap 'rm -f "$lock"' EXIT
is_prepared && exit 0

rm -f "$stamp"
tools/toolchain/install.sh
export PATH="$PWD/.toolchain/bin:$PATH"
echo "Installing the packages of pnpm-lock.yaml ..."
.toolchain/bin/pnpm install --frozen-lockfile --prefer-offline --config.confirmModulesPurge=false --reporter=append-only --loglevel=error \
  --config.fetch-retries=1 --config.fetch-retry-mintimeout=1000 --config.fetch-retry-maxtimeout=2000 || {
  echo "pnpm could not install the packages; its own message is above. Where it says that the registry did not answer, check the network, or name another: npm_config_registry=... make up" >&2
  exit 1
}
state >"$stamp"
