"""The flows that the unchanged Python client registers: mapping, a retry, a failure, a parameter, a child run."""

import os
from datetime import timedelta

import prefect
from prefect import Flow, Parameter, task
from prefect.tasks.prefect import create_flow_run, wait_for_flow_run

PROJECT = "python"


@task
def create_list(count):
    prefect.context.get("logger").info("making a list of %s", count)
    return list(range(count))


@task
def add_one(x):
    return x + 1


@task(max_retries=1, retry_delay=timedelta(seconds=0))
def get_sum(numbers):
    if prefect.context.get("task_run_count") == 1:
        raise RuntimeError("the first attempt is always wrong")
    total = sum(numbers)
    prefect.context.get("logger").info("the sum is %s", total)
    return total


@task
def refuse(x):
    if x == 1:
        raise ValueError(f"{x} is refused")
    return x


with Flow("map-reduce") as map_reduce:
    get_sum(add_one.map(add_one.map(create_list(Parameter("count", default=4)))))

with Flow("partly-failing") as partly_failing:
    get_sum(refuse.map(create_list(3)))

with Flow("parent") as parent:
    child = create_flow_run(flow_name="map-reduce", project_name=PROJECT, parameters={"count": 2})
    wait_for_flow_run(child, raise_final_state=True)

FLOWS = [map_reduce, partly_failing, parent]

if __name__ == "__main__":
    import json

    prefect.Client().create_project(PROJECT, "flows in Python")
    labels = [os.environ["AGENT_LABEL"]]
    print(json.dumps({flow.name: flow.register(PROJECT, labels=labels, build=True) for flow in FLOWS}))
