#!/usr/bin/env bash
# `npm test`: everything that must hold before a change is taken. A single part: `npm run <the name shown>`.
# Every step is run, so that one run shows all there is to mend; only without a build is there nothing to test.
set -euo pipefail
cd "$(dirname "$0")/.."

failed=()
step() {
  printf '\n── npm run %s\n' "$1"
  local started=$SECONDS
  npm run --silent "$1" || failed+=("$1")
  printf '   %s s\n' $((SECONDS - started))
}

step build
if [ ${#failed[@]} -gt 0 ]; then
  echo 'The build failed; nothing else was run.' >&2
  exit 1
fi
for part in lint:code lint:format lint:layers typecheck api:check test:unit; do
  step "$part"
done

echo
if [ ${#failed[@]} -gt 0 ]; then
  echo "npm test: failed in ${failed[*]} (${SECONDS} s)" >&2
  exit 1
fi
echo "npm test: all passed (${SECONDS} s)"
