"""What another package adds is there: through the service of a running program, with no line of the product changed."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from running import Program
from safetensors.numpy import load_file
from stub_data import CARDS, CLASSES, ECG_FS, LEADS, READ, write_models

BEAT = 2940  # of the records of several leads
PIECES = {"method": "stub_segments"}


def ask(program: Program, path: str, body: Any = None) -> httpx.Response:
    method = "GET" if body is None else "POST"
    url = f"{program.address}/api{path}"
    return httpx.request(method, url, json=body, timeout=60, trust_env=False)


def window(program: Program, record: str, at: int, **query: str) -> Any:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return ask(program, f"/recordings/ward~{record}/windows/{at}?{asked}").json()


def ended(program: Program, path: str, status: Any) -> Any:
    """A job's status at its end, as its events tell it."""
    with httpx.stream(
        "GET", f"{program.address}/api{path}/{status['id']}/events", timeout=120, trust_env=False
    ) as told:
        lines = [line.removeprefix("data: ") for line in told.iter_lines() if line.startswith("data: ")]
    return json.loads(lines[-1])


def test_everything_is_found_beside_what_is_built_in(stub_program: Program) -> None:
    models = ask(stub_program, "/models").json()
    assert models["problems"] == []
    assert {model["id"] for model in models["models"]} >= {"mitbih-lstm", *CARDS}
    methods = [entry["method"] for entry in ask(stub_program, "/explainers").json()["explainers"]]
    assert {"occlusion", "stub_segments"} <= set(methods)
    of_model = ask(stub_program, "/explainers?model=stub-rhythm").json()["explainers"]
    cannot = {entry["method"]: entry["not_offered"] for entry in of_model if entry["not_offered"]}
    assert cannot["temporal_score"] == "StubConvolution gives no answer before the end of the window"
    assert "occlusion" not in cannot
    tasks = {entry["name"]: entry for entry in ask(stub_program, "/tasks").json()["tasks"]}
    assert (tasks["stub_weight_norms"]["scope"], tasks["explanation"]["scope"]) == ("model", "window")
    assert "order" in tasks["stub_weight_norms"]["request"]["properties"]
    names = [one["name"] for one in ask(stub_program, "/vocabularies").json()["vocabularies"]]
    assert {"mitbih", "stub_findings"} <= set(names)
    kinds = {row["id"]: row["kind"] for row in ask(stub_program, "/recordings").json()["recordings"]}
    assert (kinds["ward~stay"], kinds["ward~single"], kinds["demo~synthetic-normal"]) == ("series", "ecg", "ecg")


def test_a_rhythm_network_reads_a_recording_in_its_own_length(stub_program: Program) -> None:
    one = window(stub_program, "single", 0, model="stub-rhythm")
    assert (one["kind"], one["window"]["samples"], one["beat"]) == ("whole", round(12.5 * ECG_FS), None)
    assert [kind["name"] for kind in one["classes"]] == list(CLASSES["rhythm"].values())
    assert one["prediction"]["name"] in CLASSES["rhythm"].values()
    assert sum(one["prediction"]["probabilities"]) == pytest.approx(1, abs=1e-5)


def test_twelve_leads_are_read_by_name_in_the_networks_order(stub_program: Program) -> None:
    one = window(stub_program, "twelve", BEAT, model="stub-twelve", lead="aVF")
    assert (one["lead"], one["channels"]) == ("aVF", list(READ))
    tall = [np.ptp(values) for values in one["window"]["millivolts"]]
    assert tall == pytest.approx([(LEADS.index(name) + 1) / 4 for name in READ], abs=0.1)
    # What is drawn around the window is of the lead that stands first in it, not of the one in view.
    around = [value for value in one["context"]["value"] if value is not None]
    assert np.ptp(around) == pytest.approx(tall[0], abs=0.1)


def test_a_record_without_one_of_them_is_refused_by_its_name(stub_program: Program) -> None:
    one = window(stub_program, "eleven", BEAT, model="stub-twelve")
    assert (one["window"], one["prediction"], one["channels"]) == (None, None, [])
    assert "this recording has no V3: it has I, II," in one["note"]


def test_labels_of_which_several_hold_and_one_output_alone(stub_program: Program) -> None:
    several = window(stub_program, "single", 1500, model="stub-findings")["prediction"]
    assert several["labels"] == ["NORM", "MI"]  # thresholds 0, 0 and 1
    one = window(stub_program, "single", 1500, model="stub-one")
    [chance] = one["prediction"]["probabilities"]
    assert chance == pytest.approx(1 / (1 + np.exp(-one["prediction"]["logits"][0])), abs=1e-5)
    assert (one["label"], one["name"]) == ("AFIB", "Atrial fibrillation")  # the rhythm that covers most of it


def test_a_series_of_measurements_keeps_its_units_and_has_no_beats(stub_program: Program) -> None:
    one = window(stub_program, "stay", 0)
    assert one["model"] == "stub-icu"  # of all models the first that reads such a recording
    assert (one["channels"], one["window"]["units"]) == (["HR", "Temp", "GCS"], ["/min", "°C", "points"])
    assert (one["label"], one["name"], one["beat"]) == ("died", "Died in hospital", None)
    beats = ask(stub_program, "/recordings/ward~stay/windows").json()
    assert (beats["windows"]["at"], beats["source"]) == ([], "a series of measurements has no beats")
    signal = ask(stub_program, "/recordings/ward~stay/signal?lead=Temp").json()
    assert (signal["unit"], len(signal["value"])) == ("°C", 40)
    row = ask(stub_program, "/recordings/ward~stay").json()
    assert row["beat_source"] == "a series of measurements has no beats"
    assert len(row["spark"]) == 40


def test_no_model_is_offered_for_another_kind_of_recording(stub_program: Program) -> None:
    kinds = {model["id"]: model["reads"] for model in ask(stub_program, "/models").json()["models"]}
    assert [name for name, kind in kinds.items() if kind == "series"] == ["stub-icu"]
    for record, model, words in (
        ("single", "stub-icu", "stub-icu reads a series of measurements, ward~single is an ECG"),
        ("stay", "mitbih-lstm", "mitbih-lstm reads an ECG, ward~stay is a series of measurements"),
    ):
        refused = ask(stub_program, f"/recordings/ward~{record}/windows?model={model}")
        assert (refused.status_code, refused.json()["detail"]) == (422, words)


@pytest.mark.parametrize(
    ("record", "at", "model"),
    [
        ("single", 0, "stub-rhythm"),
        ("single", 1500, "stub-findings"),
        ("twelve", BEAT, "stub-twelve"),
        ("stay", 0, None),
    ],
)
def test_pictures_queues_and_groups_are_of_the_models_windows(
    stub_program: Program, record: str, at: int, model: str | None
) -> None:
    asked = f"model={model}" if model else ""
    seen = ask(stub_program, f"/recordings/ward~{record}/traces?at={at}&{asked}")
    assert seen.status_code == 200
    assert len(seen.json()["traces"][0]) > 10
    queues = ask(stub_program, f"/recordings/ward~{record}/queues?{asked}").json()
    assert at in queues["beats"]["at"]
    groups = ask(stub_program, f"/recordings/ward~{record}/groups?by=model&{asked}").json()
    assert at in [sample for group in groups["groups"] for sample in group["at"]]


def explained(program: Program, record: str, at: int, model: str, method: Any) -> Any:
    body = {"recording": f"ward~{record}", "at": at, "model": model, "explainer": method}
    asked = ask(program, "/tasks/explanation", body)
    assert asked.status_code in (200, 202), asked.text
    status = ended(program, "/tasks/explanation", asked.json())
    assert status["status"] == "done", status["error"]
    return status["result"]


def test_a_method_reads_marks_and_pieces_and_answers_with_two_tracks(stub_program: Program) -> None:
    found = explained(stub_program, "single", 0, "stub-rhythm", PIECES)
    beats = ask(stub_program, "/recordings/ward~single/windows").json()["windows"]["beats"]["r"]
    row = np.array(found["relevance"][0])
    assert row.shape == (round(12.5 * ECG_FS),)
    changes = np.flatnonzero(np.diff(row)) + 1
    assert set(changes.tolist()) <= set(beats)  # at beats alone: both find R at the rate that record and model share
    [shares] = found["tracks"]
    assert (shares["role"], shares["dims"], shares["unit"]) == ("attention", ["unit"], "share")
    assert shares["values"] == pytest.approx([0, *[1 / len(beats)] * len(beats)])
    again = explained(stub_program, "stay", 0, "stub-icu", PIECES)
    assert np.shape(again["relevance"]) == (3, 40)


def test_methods_that_are_built_in_explain_what_was_added(stub_program: Program) -> None:
    for record, at, model, channels in (("single", 1500, "stub-findings", 1), ("stay", 0, "stub-icu", 3)):
        found = explained(stub_program, record, at, model, {"method": "input_derivative"})
        assert len(found["relevance"]) == channels
        assert found["target"]["name"] in CARDS[model]["classes"].values()


def test_a_task_about_a_model_is_computed_by_a_worker_and_kept(stub_program: Program, tmp_path: Path) -> None:
    path = "/tasks/stub_weight_norms"
    status = ask(stub_program, path, {"model": "stub-one"}).json()
    done = ended(stub_program, path, status)
    tensors = load_file(write_models(tmp_path) / "stub-one" / "weights.safetensors")
    wanted = {name: np.linalg.norm(values) for name, values in tensors.items()}
    assert done["result"]["norms"] == pytest.approx(wanted, rel=1e-5)
    again = ask(stub_program, path, {"model": "stub-one", "order": 2})
    assert (again.status_code, again.json()["result"]) == (200, done["result"])  # kept: nothing is computed again
    kept = ask(stub_program, f"{path}/{status['id']}").json()
    assert kept["result"] == done["result"]
    assert ask(stub_program, path, {"model": "stub-one", "order": 3}).json()["id"] != status["id"]


def test_what_a_task_is_not_asked_of_is_refused(stub_program: Program) -> None:
    path = "/tasks/stub_weight_norms"
    for body, field in (
        ({"recording": "ward~single"}, "recording"),
        ({"order": 9}, "order"),
        ({"sort": True}, "sort"),
    ):
        refused = ask(stub_program, path, {"model": "stub-one", **body})
        assert (refused.status_code, refused.json()["field"]) == (422, field)
    unknown = ask(stub_program, "/tasks/other", {"model": "stub-one"})
    assert (unknown.status_code, "stub_weight_norms" in unknown.json()["detail"]) == (404, True)
    asked = {"recording": "ward~single", "at": 0, "model": "stub-rhythm", "explainer": PIECES}
    of_another = ended(stub_program, "/tasks/explanation", ask(stub_program, "/tasks/explanation", asked).json())
    assert ask(stub_program, f"{path}/{of_another['id']}").json()["result"] is None
    assert ask(stub_program, "/tasks/explanation", {"model": "stub-rhythm"}).status_code == 422


def test_a_task_over_a_recording_reads_all_its_windows(stub_program: Program) -> None:
    asked = {"recording": "ward~single", "model": "stub-findings"}
    done = ended(stub_program, "/tasks/prediction", ask(stub_program, "/tasks/prediction", asked).json())
    columns = ask(stub_program, "/recordings/ward~single/windows?model=stub-findings").json()["windows"]
    assert done["result"]["probabilities"] == [pytest.approx(row, abs=1e-4) for row in columns["probabilities"]]


def rows(program: Program, model: str) -> Sequence[Any]:
    found: Sequence[Any] = ask(program, f"/recordings?model={model}").json()["recordings"]
    return found


def test_the_worklist_counts_only_what_a_model_reads(stub_program: Program) -> None:
    said = {row["id"]: row["output"] for row in rows(stub_program, "stub-icu")}
    assert said["ward~single"] is not None
    assert (said["ward~single"]["counts"], said["ward~single"]["disagreements"]) == (None, None)


@pytest.mark.parametrize(
    ("record", "at", "model"),
    [
        ("single", 0, "stub-rhythm"),
        ("single", 1500, "stub-findings"),
        ("twelve", BEAT, "stub-twelve"),
        ("stay", 0, "stub-icu"),
    ],
)
def test_a_window_is_frozen_and_goes_on_paper(stub_program: Program, record: str, at: int, model: str) -> None:
    found = explained(stub_program, record, at, model, PIECES)
    body = {"recording": f"ward~{record}", "at": at, "model": model, "explanations": [found["id"]]}
    token = ask(stub_program, "/links", body).json()["token"]
    frozen = ask(stub_program, f"/links/{token}").json()
    assert frozen["record"]["kind"] == ("series" if record == "stay" else "ecg")
    assert frozen["explanations"][0]["tracks"] == found["tracks"]
    for sheet in ("sheet.png", "sheet.pdf", "preview.png"):
        answer = httpx.get(f"{stub_program.address}/s/{token}/{sheet}", timeout=60, trust_env=False)
        assert (answer.status_code, answer.headers["content-type"].split("/")[1]) == (200, sheet.split(".")[1])
