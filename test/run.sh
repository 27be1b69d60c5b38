#!/usr/bin/env bash
# `npm test`: everything that must hold before a change is taken. A single part: `npm run <the name shown>`.
set -euo pipefail
cd "$(dirname "$0")/.."

step() {
  printf '\n── %s\n' "$*"
  local started=$SECONDS
  "$@"
  printf '   %s s\n' $((SECONDS - started))
}

step npm run --silent build
step npm run --silent lint:code
step npm run --silent lint:format
step npm run --silent lint:layers
step npm run --silent typecheck
step npm run --silent api:check
step npm run --silent test:unit
