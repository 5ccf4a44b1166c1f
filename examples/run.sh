#!/bin/sh
# Runs a SELECT and prints its first page, with curl and jq.
set -eu
auth="authorization: Bearer $SQE_TOKEN"
body=$(jq --null-input --arg sql "$1" '{sql: $sql}')
# The key makes a repeated request safe: it answers with the same run.
key=$(cat /proc/sys/kernel/random/uuid 2>/dev/null || uuidgen)

run=$(curl --silent --show-error --fail-with-body "$SQE_URL/v1/runs" --header "$auth" --header "idempotency-key: $key" \
  --header 'content-type: application/json' --data "$body") || { echo "$run" >&2; exit 1; }
self=$(echo "$run" | jq --raw-output .links.self)

# Each request waits up to 25 s for the next version of the run.
while status=$(echo "$run" | jq --raw-output .status); [ "$status" = queued ] || [ "$status" = running ]; do
  run=$(curl --silent --show-error --fail-with-body "$SQE_URL$self?wait=25" --header "$auth")
done

if [ "$status" != ready ]; then
  echo "$run" | jq --raw-output '"\(.status): \(.error.detail // "")"' >&2
  exit 1
fi
curl --silent --show-error --fail-with-body "$SQE_URL$self/results?page=1" --header "$auth" |
  jq --raw-output '[.columns[].name], .rows[] | map(. // "") | @tsv'
