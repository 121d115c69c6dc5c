# Guildhall. Needs git, make, npm (Node >= 20); everything else is brought into ignored folders.
.DEFAULT_GOAL := help
SHELL := /bin/bash
# Targets share the clone's data and the terminal: -j changes nothing.
.NOTPARALLEL:

export PATH := $(CURDIR)/.toolchain/bin:$(CURDIR)/node_modules/.bin:$(PATH)

MIGRATE := node tools/dev/migrate.ts
CACHE := node_modules/.cache
# Compiled code of earlier runs: half of what the start of a process costs.
export NODE_COMPILE_CACHE := $(CURDIR)/$(CACHE)/compile
# Ends with how to say it when a variable that a target needs is missing: $(call needs,SERVICE,make ... SERVICE=auth)
needs = test -n "$($(1))" || { echo "$(1) is missing: $(2)" >&2; exit 2; }

# ── Running ──────────────────────────────────────────────────────────────────────────────────────────────────────

.PHONY: up down status solo console demo logs owner rotate-keys rebuild-app-users service-keys
up: ready ## Start PostgreSQL and the four services; Ctrl-C stops them
	@exec node tools/dev/up.ts

down: ready ## Stop what this clone has started, also what a killed launcher left
	@node tools/dev/down.ts

status: ready ## Say what runs, where, and how each process is; ends with 1 unless all is well
	@node tools/dev/status.ts

solo: ready ## Start the gateway alone, on its SQLite file
	@exec node tools/dev/solo.ts

console: ready ## Build the console where its sources changed; make up and make solo do it, too
	@node tools/dev/build-console.ts

demo: ready ## Show the main job step by step, on a stack of its own
	@node tools/demo/main.ts

logs: ready ## Follow the logs of every service
	@exec node tools/dev/logs.ts

owner: ready ## Bring back the owner's seat, with a new password: EMAIL=ada@example.org (DATABASE_URL; the running stack's without it)
	@$(call needs,EMAIL,make owner EMAIL=ada@example.org)
	@node tools/dev/owner.ts "$(EMAIL)"

rotate-keys: ready ## Make the next signing key of access tokens, which takes over by itself; NOW=1: at once, for stolen keys (DATABASE_URL and ENCRYPTION_KEY; the running stack's without them)
	@node tools/dev/rotate-keys.ts $(if $(NOW),now)

rebuild-app-users: ready ## Make team-resources' copies of users equal to auth's again, while all runs: [AFTER=id] (DATABASE_URL, AUTH_URL and keys; the running stack's without them)
	@node tools/dev/rebuild-app-users.ts "$(AFTER)"

service-keys: ready ## Print a new key for each process and their public halves, as settings
	@node tools/dev/print-service-keys.ts

# ── The stack of docker-compose.yml (docker or docker-compose) ───────────────────────────────────────────────────

.PHONY: stack-up stack-roll stack-backup stack-restore stack-down stack-logs stack-demo stack-roll-check stack-secrets stack-pin stack-push
stack-up: ready ## Build (or fetch, where .env names digests) and start the whole stack in containers, with secrets of its own: [DATABASE=cockroach GATEWAYS=2]
	@DATABASE="$(DATABASE)" GATEWAYS="$(GATEWAYS)" node tools/stack/main.ts up

stack-roll: ready ## Replace the containers by the present version and settings, one after the other, while they serve: [DATABASE=cockroach]
	@DATABASE="$(DATABASE)" node tools/stack/main.ts roll

stack-backup: ready ## Back up the shared database of the containers while they serve: [FILE=shared.backup.gz]
	@node tools/stack/main.ts backup $(if $(FILE),"$(FILE)")

stack-restore: ready ## Restore a backup into the containers' database, in place of the present one, which is kept; the stack is down: FILE=… [DATABASE=cockroach]
	@$(call needs,FILE,make stack-restore FILE=.data/backups/shared-...)
	@DATABASE="$(DATABASE)" node tools/stack/main.ts restore "$(FILE)"

stack-down: ready ## Stop the containers; their volumes stay
	@DATABASE="$(DATABASE)" node tools/stack/main.ts down

stack-logs: ready ## Follow the logs of the containers
	@DATABASE="$(DATABASE)" node tools/stack/main.ts logs

stack-demo: ready ## Show the main job on containers of its own, which go at the end
	@node tools/stack/demo.ts

stack-roll-check: ready ## Replace every container of a stack of its own under load; ends with 1 if a request fails
	@node tests/chaos/rolling-containers.ts

stack-secrets: ready ## Make the secrets of a stack that are not there yet, and start nothing
	@node tools/stack/main.ts secrets

stack-pin: ready ## Fetch the images that the stack takes from a registry by their tags, and write their digests into .env: [DATABASE=cockroach]
	@DATABASE="$(DATABASE)" node tools/stack/main.ts pin

stack-push: ready ## Build the images of the services, send them to a registry, and print their digests as lines of .env: REGISTRY=registry.example.org/guildhall [TAG=0.1.0]
	@$(call needs,REGISTRY,make stack-push REGISTRY=registry.example.org/guildhall)
	@node tools/stack/main.ts push "$(REGISTRY)" $(if $(TAG),"$(TAG)")

# ── Backups (DATABASE_URL; the running stack's database without it) ──────────────────────────────────────────────

.PHONY: backup restore backup-drill
backup: ready ## Back up the shared database and the solo file, also while they are in use: [FILE=shared.backup.gz]
	@node tools/dev/backup.ts $(if $(FILE),"$(FILE)")

restore: ready ## Restore a backup of the shared database: FILE=… into an empty DATABASE_URL, or in place of this clone's, which is kept
	@$(call needs,FILE,make restore FILE=.data/backups/shared-...)
	@node tools/dev/restore.ts "$(FILE)"

backup-drill: ready ## Restore a backup on a server of its own and prove it; the newest, or FILE=…
	@node tools/dev/backup-drill.ts $(if $(FILE),"$(FILE)")

# ── The solo file (DATA_FILE; this clone's own without it) ───────────────────────────────────────────────────────

.PHONY: solo-backup solo-restore
solo-backup: ready ## Back up the gateway's SQLite file, also while it runs: [FILE=backup.sqlite]
	@node tools/dev/solo-backup.ts $(if $(FILE),"$(FILE)")

solo-restore: ready ## Put a backup in place of the gateway's SQLite file: FILE=backup.sqlite
	@$(call needs,FILE,make solo-restore FILE=.data/solo/backups/...)
	@node tools/dev/solo-restore.ts "$(FILE)"

# ── Checking ─────────────────────────────────────────────────────────────────────────────────────────────────────

.PHONY: test test-faults test-web test-contract test-cockroach check check-compose fmt generate new-noun
test: ready ## Run everything that must hold, but for faults: [ONLY="path …" TITLE="…" REPEAT=20 BUSY=1]
	@node tools/test/main.ts tests

test-faults: ready ## Run the tests that kill, pause, cut off, wait for time-outs, or take long: [as make test]
	@node tools/test/main.ts faults

test-web: ready console ## Run the journeys through the console in Chromium (CHROMIUM; /usr/bin/chromium without it), with TOUR=1 through every screen: [as make test]
	@node tools/test/main.ts web

test-contract: ready ## Run the contract tests, of one service with SERVICE=auth
	vitest run $(if $(SERVICE),"services/$(SERVICE)/test/contract",services/*/test/contract tests/contract)

test-cockroach: ready ## Migrations and contracts on CockroachDB: COCKROACH_URL, or a node by docker
	@node tools/ci/cockroach.ts

check: ready check-compose ## Lint, format, types, generated files
	@echo "oxfmt, oxlint with the compiler's checks, generated files"
	@oxfmt --check && oxlint --deny-warnings --type-check && node tools/generate/all.ts --check

check-compose:
	@if command -v docker-compose >/dev/null; then \
	  for profile in postgres cockroach; do \
	    echo "docker-compose config ($$profile)"; docker-compose --env-file infra/docker/example.env --profile $$profile --profile proxy config --quiet || exit 1; \
	  done; \
	else echo "docker-compose is not installed: docker-compose.yml was not checked"; fi

fmt: ready ## Format everything, and fix what lint can fix
	oxlint --fix --quiet || true
	oxfmt

generate: ready ## Write what is generated and committed: schema.sql, checksums, row types, openapi.json, tables of errors, routes and permissions
	@# The migrations are read by their checksums, and the row types are written from schema.sql.
	node tools/generate/all.ts --only=migration-checksums
	$(MIGRATE) dump
	node tools/generate/all.ts

new-noun: ready ## Write the skeleton of a noun, with tests that say what is missing: SERVICE=team-resources NAME=polls
	@$(call needs,SERVICE,make new-noun SERVICE=team-resources NAME=polls)
	@$(call needs,NAME,make new-noun SERVICE=team-resources NAME=polls)
	@node tools/new-noun/main.ts "$(SERVICE)" "$(NAME)"

# ── Migrations (DATABASE_URL; the running stack's database without it) ───────────────────────────────────────────

.PHONY: migrate-up migrate-down migrate-redo migrate-status migrate-plan migrate-new migrate-draft migrate-adopt migrate-verify
migrate-up: ready ## Apply pending migrations, of one service with SERVICE=auth
	@$(MIGRATE) up $(if $(SERVICE),--service "$(SERVICE)")

migrate-down: ready ## Take back the last migration of SERVICE=auth, or the last COUNT=n
	@$(call needs,SERVICE,make migrate-down SERVICE=auth [COUNT=1])
	@$(MIGRATE) down --service "$(SERVICE)" --count "$(or $(COUNT),1)"

migrate-redo: ready ## Take back the last migration of SERVICE=auth, or the last COUNT=n, and apply them again
	@$(call needs,SERVICE,make migrate-redo SERVICE=auth [COUNT=1])
	@$(MIGRATE) redo --service "$(SERVICE)" --count "$(or $(COUNT),1)"

migrate-plan: ready ## Print the SQL that migrate-up would run; with DOWN=1, what migrate-down would
	@$(MIGRATE) plan $(if $(SERVICE),--service "$(SERVICE)") $(if $(DOWN),--down) $(if $(COUNT),--count "$(COUNT)")

migrate-status: ready ## Show what is applied and pending, how long it took, and whether files are the same
	@$(MIGRATE) status $(if $(SERVICE),--service "$(SERVICE)")

migrate-new: ready ## Write an empty pair of migrations: SERVICE=auth NAME=add_x
	@$(call needs,SERVICE,make migrate-new SERVICE=auth NAME=add_x)
	@$(call needs,NAME,make migrate-new SERVICE=auth NAME=add_x)
	@$(MIGRATE) new --service "$(SERVICE)" --name "$(NAME)"

migrate-draft: ready ## Propose the migrations that lead to an edited schema.sql: SERVICE=auth [WRITE=1]
	@$(call needs,SERVICE,make migrate-draft SERVICE=auth [WRITE=1])
	@$(MIGRATE) draft --service "$(SERVICE)" $(if $(WRITE),--write)

migrate-adopt: ready ## Record checksums, once, in a database that was migrated before there were any
	@$(MIGRATE) adopt $(if $(SERVICE),--service "$(SERVICE)")

migrate-verify: ready ## Run every migration up, down and up again, on empty tables and on rows
	@$(MIGRATE) verify $(if $(SERVICE),--service "$(SERVICE)")

# ── The audit trail (EXPORT and CHECKPOINT; the running stack's database without them) ───────────────────────────

.PHONY: audit-verify audit-repair
audit-repair: ready ## Accept the audit log as it is, or REPAIR=delete-planted, rebuild-hashes (tiles from the leaves), acknowledge-faults; without REASON="…" only say what would be done
	@REPAIR="$(REPAIR)" REPAIR_REASON="$(REASON)" node tools/dev/audit-repair.ts

audit-verify: ready ## Prove the audit trail: [EXPORT=… CHECKPOINT=… KEY=… OLDER=… TILES=…], or one event: RECEIPT=… KEY=…
ifdef RECEIPT
	@$(call needs,KEY,make audit-verify RECEIPT=event.tlog-proof KEY=name+hash+key)
	@node programs/audit-verify/src/main.ts --receipt "$(RECEIPT)" --key "$(KEY)"
else ifdef EXPORT
	@$(call needs,CHECKPOINT,make audit-verify EXPORT=audit.ndjson CHECKPOINT=checkpoint KEY=name+hash+key)
	@$(call needs,KEY,make audit-verify EXPORT=audit.ndjson CHECKPOINT=checkpoint KEY=name+hash+key)
	@node programs/audit-verify/src/main.ts --checkpoint "$(CHECKPOINT)" --key "$(KEY)" $(foreach note,$(OLDER),--older "$(note)") $(if $(TILES),--tiles "$(TILES)") "$(EXPORT)"
else
	@node tools/dev/audit-verify.ts $(foreach note,$(OLDER),--older "$(note)")
endif

# ── Measuring, tidying ───────────────────────────────────────────────────────────────────────────────────────────

.PHONY: bench bench-directus fuzz chaos chaos-audit chaos-outage soak clean clean-data help
bench: ready ## Measure against the references; docs/benchmarks.md is written: ONLY=get,list SCRIPTS=1000000 EVENTS=1000000 in the audit log
	node tests/bench/main.ts $(if $(ONLY),--only "$(ONLY)") $(if $(SCRIPTS),--scripts "$(SCRIPTS)")
	$(if $(ONLY),,node tests/bench/audit.ts --report --events "$(or $(EVENTS),1000000)")

bench-directus: ready ## Measure beside a Directus, which is installed from npm at first: VERSION=12.4.0
	node tests/bench/directus/main.ts $(if $(VERSION),--version "$(VERSION)")

fuzz: ready ## Hold the real processes to the OpenAPI document with random requests, valid and broken: REQUESTS=50000 SEED=1
	node tests/fuzz/main.ts --requests "$(or $(REQUESTS),50000)" --seed "$(or $(SEED),1)"

chaos: ready ## Kill and pause processes at random moments while many migrate at once: RUNS=100 SEED=1
	node tests/chaos/migrations.ts --runs "$(or $(RUNS),100)" --seed "$(or $(SEED),1)"

chaos-audit: ready ## Kill, freeze and wipe whatever brings changes to the audit trail, under load: SECONDS=120 SEED=1 QUEUE=redis
	node tests/chaos/audit.ts --seconds "$(or $(SECONDS),120)" --seed "$(or $(SEED),1)" --queue "$(or $(QUEUE),embedded)"

chaos-outage: ready ## Take the database away in every way, under load, and measure what users notice: RUNS=1 SEED=1 ONLY="black hole"
	node tests/chaos/outage.ts --runs "$(or $(RUNS),1)" --seed "$(or $(SEED),1)" $(if $(ONLY),--only "$(ONLY)")

soak: ready ## A steady load for a long time: memory flat, no handle left, every change in the audit log: MINUTES=10
	node tests/soak/main.ts --minutes "$(or $(MINUTES),10)"

# PostgreSQL may run, or keep its data outside of a folder that it cannot enter: only the launcher knows.
clean: ## Stop everything and remove what was installed and built; data and keys stay
	@if [ -n "$$(ls -d .data/*/ .tmp/*/ 2>/dev/null)" ]; then tools/toolchain/prepare.sh && node tools/dev/down.ts --remove-scratch; fi
	rm -rf .tmp .toolchain node_modules libs/*/node_modules services/*/node_modules programs/*/node_modules web/node_modules web/dist

clean-data: ready ## Remove every database, key, log and mail of DATA_FOLDER (.data), after a yes: [YES=1]
	@YES="$(YES)" node tools/dev/down.ts --remove-data

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

# ── What every target stands on ──────────────────────────────────────────────────────────────────────────────────

.PHONY: ready
ready:
	@tools/toolchain/prepare.sh
