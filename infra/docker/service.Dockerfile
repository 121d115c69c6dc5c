# One image per service: docker build -f infra/docker/service.Dockerfile --build-arg SERVICE=auth .
# There is no build step: Node 26 runs TypeScript itself. Workspace packages are links to libs/, outside node_modules,
# which is where type stripping works.
FROM node:26-slim AS dependencies
ARG SERVICE
WORKDIR /guildhall
RUN npm install --global pnpm@12.21.0
COPY package.json pnpm-workspace.yaml pnpm-lock.yaml ./
COPY libs libs
COPY services/${SERVICE} services/${SERVICE}
# Only what runs: --filter-prod does not follow development dependencies, which lead to PostgreSQL and the test tools.
RUN pnpm install --prod --frozen-lockfile --filter-prod "@guildhall/${SERVICE}..."

FROM node:26-slim
ARG SERVICE
WORKDIR /guildhall
COPY --from=dependencies --chown=root:root /guildhall /guildhall
# The gateway's SQLite file is the only thing that is written.
RUN install -d -o node -g node -m 0700 /data
ENV HOST=0.0.0.0 PORT=8080 SERVICE=${SERVICE}
USER node
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=2s --start-period=10s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/healthz', { signal: AbortSignal.timeout(1500) }).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# The heap flag of tools/dev/service-process.ts: without it a service keeps about 50 MB more.
CMD ["sh", "-c", "exec node --max-semi-space-size=8 services/$SERVICE/src/main.ts"]
