# One image for each process: docker build -f infra/docker/service.Dockerfile --build-arg SERVICE=auth .
# A service's image also runs its migrations; the gateway's holds the console. FOLDER=programs for what is no service.
# Node runs TypeScript itself: only the console is built. Workspace packages are links to libs/, outside of node_modules,
# which is where type stripping works.
ARG NODE_IMAGE=node:26-slim
# The same for every image, so that packages are fetched once.
FROM ${NODE_IMAGE} AS packages
WORKDIR /guildhall
RUN npm install --global pnpm@12.21.0
COPY pnpm-workspace.yaml pnpm-lock.yaml ./
RUN pnpm fetch --prod && rm -rf node_modules

FROM packages AS dependencies
ARG SERVICE
ARG FOLDER=services
COPY package.json ./
COPY libs libs
COPY ${FOLDER}/${SERVICE} ${FOLDER}/${SERVICE}
# Only what runs: --filter-prod does not follow development dependencies, which lead to PostgreSQL and the test tools.
RUN pnpm install --offline --prod --frozen-lockfile --filter-prod "@guildhall/${SERVICE}..."

FROM dependencies AS console
COPY web web
RUN if [ "$SERVICE" = gateway ]; then \
      pnpm install --frozen-lockfile --filter "@guildhall/console..." && \
      CONSOLE_OUT=/console node web/node_modules/vite/bin/vite.js build web --logLevel warn; \
    else mkdir /console; fi

FROM ${NODE_IMAGE}
ARG SERVICE
ARG FOLDER=services
WORKDIR /guildhall
COPY --from=dependencies --chown=root:root /guildhall /guildhall
COPY --from=console --chown=root:root /console web/dist
# The gateway's SQLite file is the only thing that is written.
RUN install -d -o node -g node -m 0700 /data && install -d -o node -g node /compiled
USER node
# V8's compiled code of all that is loaded: halves the start. It is read only by the user who wrote it.
ENV NODE_COMPILE_CACHE=/compiled
RUN if [ -f "$FOLDER/$SERVICE/src/wire.ts" ]; then \
      node -e "import('/guildhall/$FOLDER/$SERVICE/src/wire.ts').then(() => { require('node:module').flushCompileCache(); process.exit(); })"; \
    fi
ENV HOST=0.0.0.0 PORT=8080 MAIN=${FOLDER}/${SERVICE}/src/main.ts
EXPOSE 8080
# By the shell: a Node for each look would cost more than the service does, and on a busy machine they pile up until its memory is gone.
HEALTHCHECK --interval=5s --timeout=5s --start-period=30s \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/$PORT && printf 'GET /healthz HTTP/1.0\\r\\n\\r\\n' >&3 && read -r -t 4 line <&3 && [[ $line == *' 200 '* ]]"]
# The heap flag of tools/dev/service-process.ts: without it a service keeps about 50 MB more. exec: Node is process 1, and is sent the signals.
CMD ["sh", "-c", "exec node --max-semi-space-size=8 --no-memory-pool-share-memory-on-teardown $MAIN"]
