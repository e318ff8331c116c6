"""`dvc.yaml` names what its stages read; on a clean clone with data the whole flow runs, and goes
elsewhere and back.
"""

import hashlib
import json
import runpy
from pathlib import Path
from typing import Any

import pytest
import yaml

from raincast.errors import BadInput
from raincast.learning import blend
from raincast.learning.parameters import Parameters, parameters
from raincast.simulator.files import write_history
from raincast.store import params
from tests import clones, learned, tracked_runs

ROOT = Path(__file__).resolve().parents[2]
STAGE_MODULES = runpy.run_path(str(ROOT / "scripts/stage_modules.py"))
SMALL = {
    "prepare": {"first_date": "2014-11-01"},
    "train": learned.TINY | {"n_estimators": 8, "perceptrons": 1, "epochs": 1},
    "evaluate": {"baselines": False},
}


def stages() -> dict[str, dict[str, Any]]:
    return dict(yaml.safe_load((ROOT / "dvc.yaml").read_text())["stages"])


@pytest.mark.parametrize("name", list(stages()))
def test_the_deps_of_a_stage_are_the_modules_that_it_imports(name: str) -> None:
    stage = stages()[name]
    module = stage["cmd"].split()[2]
    listed = {path for path in stage["deps"] if path.startswith(("raincast/", "src/"))}
    assert listed == set(STAGE_MODULES["modules"](module)), "`make stages` writes them"
    assert f"src/{module.split('.')[1]}.py" in listed
    assert "raincast/errors.py" in listed


def test_the_parameters_of_the_repository_are_the_defaults() -> None:
    found = params.read(ROOT / "params.yaml")
    assert dict(found.model) == blend.DEFAULT_PARAMS
    assert (str(found.first_date), found.baselines) == ("2007-11-01", True)
    assert params.read(ROOT / "no such file") == Parameters()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"train": {"max_deep": 3}}, "max_deep"),
        ({"train": {"max_depth": "deep"}}, "max_depth"),
        ({"prepare": {"first_date": "soon"}}, "first_date"),
        ({"evaluate": {"baselines": 1}}, "baselines"),
        ([], "params.yaml"),
    ],
)
def test_a_parameter_that_is_none_is_named(given: Any, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        parameters(given)


def test_the_pointer_of_the_history_is_the_file_that_the_figures_are_of(history_path: Path) -> None:
    pointer = yaml.safe_load((ROOT / "data/raw/weatherAUS.csv.dvc").read_text())
    found = hashlib.md5(history_path.read_bytes(), usedforsecurity=False).hexdigest()
    assert pointer["outs"][0]["md5"] == found == "a65cf8b8719b1a65db4f361eeec18457"
    assert pointer["outs"][0]["size"] == history_path.stat().st_size


def test_pointers_can_be_committed_and_data_cannot(tmp_path: Path) -> None:
    for name in (
        "data/raw/weatherAUS.csv",
        "outputs/preds_api.csv",
        "optimisations/optuna_xgb_recall_small.db",
    ):
        ignored = [
            clones.run(ROOT, "git", "check-ignore", "-q", f"{name}{end}", check=False).returncode
            for end in ("", ".dvc")
        ]
        assert ignored == [0, 1], name
    for name in ("IDCJDW4024.202611.csv", "mine/IDCJDW4024.202611.csv.gz"):
        assert clones.run(ROOT, "git", "check-ignore", "-q", name, check=False).returncode == 0


@pytest.fixture(scope="module")
def flow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone with simulated history in which a small flow has been run, with a tracking server,
    and committed.
    """
    folder = tmp_path_factory.mktemp("flow")
    here = clones.clone(clones.published(folder), folder / "here")
    write_history(
        here / "data/raw/weatherAUS.csv", learned.weather(learned.FIRST, learned.HISTORY_END)
    )
    train = {name: SMALL["train"][name] for name in blend.DEFAULT_PARAMS if name in SMALL["train"]}
    (here / "params.yaml").write_text(yaml.safe_dump(SMALL | {"train": train}))
    with tracked_runs.mlflow_server(folder / "mlflow") as uri:
        clones.run(here, "dvc", "repro", MLFLOW_TRACKING_URI=uri)
        kinds = [run["tags"]["kind"] for run in tracked_runs.all_runs(uri)]
    (folder / "kinds.json").write_text(json.dumps(kinds))
    clones.run(here, "git", "add", "-A")
    clones.run(here, "git", "commit", "-qm", "a run")
    return here


@pytest.mark.slow
class TestFlow:
    def test_a_clean_clone_runs_it_and_its_runs_are_tracked(self, flow: Path) -> None:
        assert json.loads((flow.parent / "kinds.json").read_text()) == ["training", "evaluation"]
        told = json.loads((flow / "metrics/train.json").read_text())
        assert told["rows"]["first"] == "2014-11-01"
        kept = json.loads((flow / "models/model_metadata.json").read_text())
        assert (kept["version"], kept["params"]["n_estimators"]) == (told["version"], 8)
        assert "up to date" in clones.run(flow, "dvc", "status").stdout

    def test_a_changed_parameter_runs_again_what_it_touches_and_no_more(self, flow: Path) -> None:
        before = json.loads((flow / "metrics/train.json").read_text())
        text = (flow / "params.yaml").read_text()
        (flow / "params.yaml").write_text(text.replace("n_estimators: 8", "n_estimators: 30"))
        said = clones.run(flow, "dvc", "repro").stdout
        assert "Stage 'prepare' didn't change" in said
        after = json.loads((flow / "metrics/train.json").read_text())
        assert after["version"] != before["version"]
        serving = json.loads((flow / "models/model_metadata.json").read_text())
        assert serving["version"] == before["version"]  # nothing serves because somebody trained
        difference = json.loads(clones.run(flow, "dvc", "metrics", "diff", "--json").stdout)
        assert {Path(path).name for path in difference} == {"headline.json"}
        assert "3pm.roc_auc" in difference["metrics/headline.json"]
        clones.run(flow, "dvc", "plots", "show")
        page = (flow / "dvc_plots/index.html").read_text("utf-8")
        for name in ("reliability", "roc", "skill_by_station", "importance"):
            assert name in page
        clones.run(
            flow,
            "git",
            "checkout",
            "-q",
            "params.yaml",
            "dvc.lock",
            "metrics/eval.json",
            "metrics/headline.json",
        )

    def test_it_goes_to_a_remote_and_comes_back_elsewhere_and_serves_there(
        self, flow: Path
    ) -> None:
        clones.run(flow, "dvc", "checkout")
        clones.run(flow, "scripts/dvc_remote.sh", str(flow.parent / "remote"))
        clones.run(flow, "dvc", "push")
        elsewhere = clones.clone(flow, flow.parent / "elsewhere")
        clones.run(elsewhere, "scripts/dvc_remote.sh", str(flow.parent / "remote"))
        clones.run(elsewhere, "dvc", "pull")
        for name in (
            "data/raw/weatherAUS.csv",
            "models/trained/pipeline.joblib",
            "metrics/train.json",
        ):
            assert (elsewhere / name).read_bytes() == (flow / name).read_bytes()
        sha256 = json.loads((elsewhere / "metrics/train.json").read_text())["sha256"]
        command = ("python", "-m", "raincast", "models", "import-model", "models/trained")
        clones.run(elsewhere, *command, "--sha256", sha256)
        listed = json.loads(
            clones.run(elsewhere, "python", "-m", "raincast", "models", "list", "--json").stdout
        )
        told = json.loads((flow / "metrics/train.json").read_text())
        assert [v["version"] for v in listed if v["active"]] == [told["version"]]
