#!/bin/sh
# Creates the namespace that Repoint's journeys run in, unless it is there. Closed ones are kept for 30 days.
set -eu
temporal operator namespace describe --namespace default >/dev/null 2>&1 ||
  temporal operator namespace create --namespace default --retention 30d
