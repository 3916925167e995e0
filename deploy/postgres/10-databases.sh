#!/bin/sh
# Run once by the Postgres image on an empty volume: a role and databases for Repoint, and others for Temporal.
set -eu
psql --username postgres --set ON_ERROR_STOP=1 \
  --set repoint_password="$REPOINT_DB_PASSWORD" --set temporal_password="$TEMPORAL_DB_PASSWORD" <<'SQL'
create role repoint login password :'repoint_password';
create role temporal login password :'temporal_password';
create database repoint owner repoint template template0 encoding utf8 locale_provider builtin builtin_locale 'C.UTF-8' locale 'C';
create database temporal owner temporal;
create database temporal_visibility owner temporal;
SQL
