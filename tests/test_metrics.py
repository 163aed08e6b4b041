"""`/metrics`: who may read it, what it counts, and that dashboard and alerts name existing series."""

import dataclasses
import json
import re
from pathlib import Path

import pytest
import yaml
from flask import Flask
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from tests.support import Centre, Keys, hunt_of

DEPLOY = Path(__file__).parent.parent / "deploy"
TOKEN = "a-token-for-prometheus"

on_sqlite = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def _known() -> set[str]:
    """Return the names of all series, as Prometheus stores them."""
    names = set()
    for family in REGISTRY.collect():
        names |= {family.name, f"{family.name}_total", f"{family.name}_bucket"}
    return {name for name in names if name.startswith("linka_")}


def _named(text: str) -> set[str]:
    return set(re.findall(r"\blinka_[a-z_]+", text))


def test_dashboard_names_what_exists_and_shows_everything() -> None:
    panels = json.loads((DEPLOY / "grafana.json").read_text(encoding="utf-8"))["panels"]
    named = _named(" ".join(target["expr"] for panel in panels for target in panel["targets"]))
    assert named - _known() == set()
    families = {family.name for family in REGISTRY.collect() if family.name.startswith("linka_")}
    assert {name for name in families if not any(one.startswith(name) for one in named)} == set()


def test_alerts_name_what_exists_and_say_what_to_do() -> None:
    loaded = yaml.safe_load((DEPLOY / "prometheus-alerts.yml").read_text(encoding="utf-8"))
    rules = [rule for group in loaded["groups"] for rule in group["rules"]]
    assert _named(" ".join(rule["expr"] for rule in rules)) - _known() == set()
    assert all(rule["annotations"]["summary"] for rule in rules)
    assert {rule["labels"]["severity"] for rule in rules} == {"critical", "warning"}


def _counted(app: Flask, name: str, **labels: str) -> float:
    text = app.test_client().get("/metrics").text
    samples = [one for family in text_string_to_metric_families(text) for one in family.samples]
    return sum(one.value for one in samples if (one.name, one.labels) == (name, labels))


@on_sqlite
def test_an_acknowledged_answer_is_counted(centre: Centre, app: Flask) -> None:
    event = centre.open_event(centre.host())
    [phone] = centre.people(1)
    centre.join(event, phone)
    dig = phone.ok("POST", f"{hunt_of(event)}/digs", {"site": "lake"})
    before = _counted(app, "linka_acknowledged_total", what="hunt_answers")
    asked = _counted(app, "linka_requests_total", status="2xx")
    choice = {"choice": Keys().right(dig)}
    phone.ok("POST", f"{hunt_of(event)}/digs/{dig['id']}/answer", choice)
    assert _counted(app, "linka_acknowledged_total", what="hunt_answers") == before + 1
    assert _counted(app, "linka_requests_total", status="2xx") >= asked + 1


@on_sqlite
@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 403),
        ("192.0.2.7", {}, 403),
        ("192.0.2.7", {"Authorization": f"Bearer {TOKEN}"}, 200),
        ("192.0.2.7", {"Authorization": "Bearer another"}, 403),
        ("192.0.2.7", {"Authorization": "Bearer "}, 403),
    ],
)
def test_only_this_machine_and_holders_of_the_token_may_read(
    app: Flask, address: str, headers: dict[str, str], status: int
) -> None:
    settings = app.extensions["linka.settings"]
    app.extensions["linka.settings"] = dataclasses.replace(settings, metrics_token=TOKEN)
    answer = app.test_client().get(
        "/metrics", environ_base={"REMOTE_ADDR": address}, headers=headers
    )
    assert answer.status_code == status


@on_sqlite
def test_without_a_token_none_is_accepted(app: Flask) -> None:
    answer = app.test_client().get(
        "/metrics",
        environ_base={"REMOTE_ADDR": "192.0.2.7"},
        headers={"Authorization": "Bearer "},
    )
    assert answer.status_code == 403
