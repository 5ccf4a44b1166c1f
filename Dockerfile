# The base image of every stage. A tag moves: what is shipped is built from a digest, see docs/operations.md, "The image".
ARG NODE_IMAGE=node:24-slim

# The whole local stack, for `docker compose --profile local`; nothing of it is for production.
FROM ${NODE_IMAGE} AS local
RUN apt-get update && apt-get install -y --no-install-recommends redis-server && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
# What the stack and wrangler write to; a volume takes its owner from here.
RUN mkdir .dev .wrangler dist && chown 1000:1000 .dev .wrangler dist
USER 1000:1000
CMD ["npm", "run", "dev"]

FROM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Without optional ones, too: else those come along that are development's and an optional peer of somebody (PGlite, pg).
RUN npm ci --omit=dev --omit=optional

FROM ${NODE_IMAGE} AS source
WORKDIR /app
COPY src ./src
# What runs at Cloudflare or at a user only; a new folder of the bridge comes along by itself.
RUN rm -r src/worker src/run-object src/api src/client src/cli src/probe

# The bridge: runs as it is, on a root that is read-only, as a user who owns nothing.
FROM ${NODE_IMAGE} AS bridge
ENV NODE_ENV=production
WORKDIR /app
COPY package.json ./
COPY --from=packages /app/node_modules ./node_modules
COPY --from=source /app/src ./src
# By number, so that Kubernetes sees that it is not root.
USER 1000:1000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=60s --timeout=10s --start-period=30s --retries=2 CMD ["node", "src/queue-bridge/health.ts"]
CMD ["node", "src/queue-bridge/main.ts"]
