#!/usr/bin/env bash
# Brings Node 26 and pnpm into .toolchain/bin, in the versions and with the checksums of package-lock.json.
# Needs npm (any Node >= 20) on Linux x64 or arm64; elsewhere it links a Node >= 26 and a pnpm >= 12 that are already installed.
# Does nothing when .toolchain/ already holds this very lock file's versions.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
target="$(cd "$here/../.." && pwd)/.toolchain"
installed="$target/package-lock.json"

if [ -x "$target/bin/node" ] && [ -x "$target/bin/pnpm" ] && cmp -s "$here/package-lock.json" "$installed"; then
  exit 0
fi

registry="$(npm config get registry 2>/dev/null || true)"
no_registry="the npm registry ($registry) did not answer, or lacks a package. Check the network, or name another: npm_config_registry=... make up"
fail() { rm -rf "$target"; echo "toolchain: $1" >&2; exit 1; }
first_of() { for candidate in "$@"; do if [ -x "$candidate" ]; then echo "$candidate"; return; fi; done; return 1; }

rm -rf "$target"
mkdir -p "$target/bin"
cp "$here/package.json" "$here/package-lock.json" "$target/"
case "$(uname -sm)" in
  "Linux x86_64" | "Linux aarch64")
    command -v npm >/dev/null || fail "npm is needed (it comes with Node >= 20) and was not found."
    echo "toolchain: bringing Node 26 and pnpm into .toolchain/ ..."
    (sleep 20 >/dev/null 2>&1; echo "toolchain: still waiting for the npm registry ($registry)" >&2) & waiting=$!
    trap 'kill "$waiting" 2>/dev/null || true' EXIT
    # One retry: a registry that does not answer is said so within seconds. npm skips optional packages that it cannot
    # fetch, without a word and with exit code 0: what is missing then did not come.
    (cd "$target" && exec npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error \
      --fetch-retries=1 --fetch-retry-mintimeout=1000 --fetch-retry-maxtimeout=2000) || fail "$no_registry"
    kill "$waiting" 2>/dev/null || true
    node="$(first_of "$target"/node_modules/node-*/bin/node)" || fail "$no_registry"
    pnpm="$(first_of "$target"/node_modules/@pnpm/exe.*/pnpm)" || fail "$no_registry"
    ;;
  *)
    node="$(command -v node)" || fail "install Node >= 26 first: $(uname -sm) has no packaged one here."
    pnpm="$(command -v pnpm)" || fail "install pnpm >= 12 first: $(uname -sm) has no packaged one here."
    "$node" -e 'process.exit(parseInt(process.versions.node) >= 26 ? 0 : 1)' || fail "Node >= 26 is needed; $node is $("$node" --version)."
    ;;
esac
ln -sf "$node" "$target/bin/node"
ln -sf "$pnpm" "$target/bin/pnpm"
echo "toolchain: node $("$target/bin/node" --version), pnpm $("$target/bin/pnpm" --version)"
