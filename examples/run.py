"""Runs a SELECT and prints its first page. Python 3.9 or newer, no packages."""

import json
import os
import sys
import urllib.error
import urllib.request
import uuid

URL, TOKEN = os.environ["SQE_URL"], os.environ["SQE_TOKEN"]


def call(path, body=None, headers=None):
    data = None if body is None else json.dumps(body).encode()
    head = {"authorization": f"Bearer {TOKEN}", "content-type": "application/json", **(headers or {})}
    try:
        with urllib.request.urlopen(urllib.request.Request(URL + path, data, head), timeout=60) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        problem = json.load(error)
        sys.exit(f"{problem['code']}: {problem['detail']}")


# The key makes a repeated request safe: it answers with the same run.
run = call("/v1/runs", {"sql": sys.argv[1]}, {"idempotency-key": str(uuid.uuid4())})
while run["status"] in ("queued", "running"):
    # Each request waits up to 25 s for the next version of the run.
    run = call(run["links"]["self"] + "?wait=25")
    print(run["status"], run.get("phase", ""), file=sys.stderr)
if run["status"] != "ready":
    sys.exit(f"{run['status']}: {run.get('error', {}).get('detail', '')}")
page = call(run["links"]["results"])
print("\t".join(column["name"] for column in page["columns"]))
for row in page["rows"]:
    print("\t".join("" if value is None else str(value) for value in row))
