"""The server that one writes first: loads the model for every request, and appends a line to a CSV
file.
"""

import csv
import os
from datetime import date
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
from fastapi import FastAPI

from raincast.features import block
from raincast.observations import panel
from raincast.observations.availability import canonical
from raincast.observations.frame import conform
from raincast.observations.network import in_force

ROOT = Path(os.environ["PROJECT_ROOT"])
app = FastAPI()


@app.get("/health")
def health() -> dict[str, str]:
    return {"status": "ok"}


@app.post("/predict")
def predict(observation: dict[str, Any]) -> dict[str, Any]:
    pipeline = joblib.load(ROOT / "models/pipeline.joblib")
    frame = conform(pd.DataFrame([observation]))
    day = date.fromisoformat(observation["Date"])
    X = block.surrounded(panel.from_frame(frame), [day], np.array([canonical("3pm", day)]))
    chance = float(pipeline.predict_proba(X[:, in_force().index[observation["Location"]]])[0, 1])
    with (ROOT / "outputs/plain.csv").open("a", newline="") as file:
        csv.writer(file).writerow([day, observation["Location"], chance])
    return {"rain_tomorrow": int(chance >= 0.4), "rain_probability": chance}
