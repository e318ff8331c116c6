"""Where things lie under a root."""

from pathlib import Path


class Paths:
    """The files and folders of a root; docs/files.md says what is in each."""

    root: Path

    @property
    def params(self) -> Path:
        return self.root / "params.yaml"

    @property
    def stations(self) -> Path:
        return self.root / "stations.toml"

    @property
    def raw_history(self) -> Path:
        return self.root / "data/raw/weatherAUS.csv"

    @property
    def archive(self) -> Path:
        return self.root / "data/archive.sqlite"

    @property
    def known_changes(self) -> Path:
        return self.root / "data/known_changes.jsonl"

    @property
    def fetch_cache(self) -> Path:
        return self.root / "data/fetched"

    @property
    def prepared(self) -> Path:
        return self.root / "data/processed/weatherAUS_prepared.csv"

    @property
    def prepared_meta(self) -> Path:
        return self.root / "data/processed/prepared_meta.json"

    @property
    def retrain_dataset(self) -> Path:
        return self.root / "data/processed/weatherAUS_retrain.csv"

    @property
    def models(self) -> Path:
        return self.root / "models"

    @property
    def trained(self) -> Path:
        return self.models / "trained"

    @property
    def best_params(self) -> Path:
        return self.models / "best_params.json"

    @property
    def metrics(self) -> Path:
        return self.root / "metrics"

    @property
    def train_metrics(self) -> Path:
        return self.metrics / "train.json"

    @property
    def plots(self) -> Path:
        return self.metrics / "plots"

    @property
    def runs(self) -> Path:
        return self.metrics / "runs.jsonl"

    @property
    def verdicts(self) -> Path:
        return self.metrics / "verdicts.jsonl"

    @property
    def watch(self) -> Path:
        return self.metrics / "watch.json"

    @property
    def shadow(self) -> Path:
        return self.metrics / "shadow.json"

    @property
    def live_eval(self) -> Path:
        return self.metrics / "live_eval.json"

    @property
    def steps(self) -> Path:
        return self.metrics / "steps"

    @property
    def alarms(self) -> Path:
        return self.metrics / "alarms.json"

    @property
    def retrain_meta(self) -> Path:
        return self.metrics / "retrain_dataset_meta.json"

    @property
    def watermark(self) -> Path:
        return self.metrics / "retrain_watermark.json"

    @property
    def journal(self) -> Path:
        return self.root / "outputs/preds_api.csv"

    @property
    def shadow_journal(self) -> Path:
        return self.root / "outputs/preds_shadow.csv"

    @property
    def scored_journal(self) -> Path:
        return self.root / "outputs/preds_api_scored.csv"
