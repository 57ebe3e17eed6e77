"""Starts a flow run with the Python client, waits for its end, and prints what the client reads of it, as JSON."""

import json
import sys
import time

import prefect
from prefect.backend import FlowRunView

flow_id, parameters = sys.argv[1], json.loads(sys.argv[2])
run_id = prefect.Client().create_flow_run(flow_id=flow_id, parameters=parameters)
deadline = time.monotonic() + 120
while not (run := FlowRunView.from_flow_run_id(run_id)).state.is_finished():
    if time.monotonic() > deadline:
        sys.exit(f"the run is {run.state} and does not end")
    time.sleep(0.3)


def result(task_run):
    if not task_run.state.is_successful() or task_run.state.is_mapped():
        return None
    value = task_run.get_result()
    return value if isinstance(value, (int, list, str)) else None


task_runs = [
    {
        "slug": one.task_slug,
        "map_index": one.map_index,
        "state": type(one.state).__name__,
        "result": result(one),
    }
    for one in run.get_all_task_runs()
]
logs = [line.message for line in run.get_logs()]
print(json.dumps({"id": run_id, "state": type(run.state).__name__, "task_runs": task_runs, "logs": logs}))
