"""Which small network reads hand-written digits best? Five are tried, one is kept, and only that one is tested.

Needs scikit-learn: `python digits.py --seed 0`, in any folder. What begat is told is in the lines with `run.`
"""

import argparse
import shutil
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from sklearn.datasets import load_digits
from sklearn.metrics import accuracy_score, log_loss
from sklearn.neural_network import MLPClassifier

import begat

DIGITS = np.arange(10)
EPOCHS = 12
CANDIDATES: list[dict[str, Any]] = [
    {"hidden_layer_sizes": (8,), "learning_rate_init": 0.01},
    {"hidden_layer_sizes": (16,), "learning_rate_init": 0.01},
    {"hidden_layer_sizes": (32,), "learning_rate_init": 0.001},
    {"hidden_layer_sizes": (32,), "learning_rate_init": 0.01},
    {"hidden_layer_sizes": (32, 16), "learning_rate_init": 0.01, "alpha": 0.1},
]


def download() -> None:
    """Put the raw file where it belongs, once: 1797 images of 64 pixels, each with the digit it shows."""
    if not Path("data/digits.csv").exists():
        images, digits = load_digits(return_X_y=True)
        write("data/digits.csv", images, digits)


def prepare(seed: int) -> None:
    """Bring pixels to 0..1 and rows into a random order."""
    with begat.run("prepare", type="Preparation") as run:
        images, digits = read(run.used("data/digits.csv"))
        run.params(white=16, seed=seed)
        order = np.random.default_rng(seed).permutation(len(digits))
        write("data/prepared.csv", images[order] / 16, digits[order])
        run.generated("data/prepared.csv", type="Dataset")


def split(test: float = 0.2, validation: float = 0.2) -> None:
    """Cut the prepared rows into what is learned from, what is chosen by and what is tested with."""
    with begat.run("split", type="Preparation") as run:
        images, digits = read(run.used("data/prepared.csv"))
        run.params(test=test, validation=validation)
        cuts = [int(len(digits) * (1 - test - validation)), int(len(digits) * (1 - test))]
        for name, part in zip(("train", "validation", "test"), np.split(np.arange(len(digits)), cuts), strict=True):
            write(f"data/{name}.csv", images[part], digits[part])
            run.generated(f"data/{name}.csv", type="LearningDataset", rows=len(part))


def train(name: str, settings: dict[str, Any], seed: int) -> float:
    """Train one candidate and save it, then score it on the validation part."""
    with begat.run(name, type="Training") as run:
        images, digits = read(run.used("data/train.csv", role="train"))
        run.params(settings, seed=seed, batch_size=32)
        model = MLPClassifier(**settings, random_state=seed, batch_size=32)  # pyright: ignore[reportArgumentType] its default is "auto"
        for epoch in run.epochs(EPOCHS):
            model.partial_fit(images, digits, classes=DIGITS)
            run.metric("loss", log_loss(digits, model.predict_proba(images)), step=epoch)
        joblib.dump(model, f"{name}.joblib")
        saved = run.generated(f"{name}.joblib", type="Model")

        images, digits = read("data/validation.csv")
        accuracy = float(accuracy_score(digits, model.predict(images)))
        run.evaluated(saved, on="data/validation.csv", split="validation", accuracy=accuracy)
    print(f"{name}: {accuracy:.1%} of the validation part read right")
    return accuracy


def study(seed: int) -> None:
    """Try all candidates and keep the one that reads the validation part best."""
    with begat.run("study", type="Validation", experiment="digits") as run:
        scores = {f"candidate-{n}": train(f"candidate-{n}", s, seed) for n, s in enumerate(CANDIDATES, 1)}
        best = max(scores, key=lambda name: scores[name])
        shutil.copyfile(f"{best}.joblib", "best.joblib")
        run.generated("best.joblib", type="Model")
    print(f"{best} is the best: kept as best.joblib")


def report(seed: int) -> None:
    """Only now open the test part: read it with the best model, and say how good that is."""
    with begat.run("report", type="Evaluation") as run:
        model = joblib.load(run.used("best.joblib"))
        images, digits = read(run.used("data/test.csv", role="test"))
        predicted = model.predict(images)
        write("predictions.csv", images, predicted)
        run.generated("predictions.csv", type="Prediction")
        accuracy = float(accuracy_score(digits, predicted))
        run.evaluated("best.joblib", on="data/test.csv", split="test", accuracy=accuracy)
        text = f"# Digits, seed {seed}\n\nOf {len(digits)} images never seen before, {accuracy:.1%} were read right.\n"
        Path("report.md").write_text(text, encoding="utf-8")
        run.generated("report.md", type="Publication")
    print(f"best.joblib: {accuracy:.1%} of the test part read right, see report.md")


def read(path: Any) -> tuple[Any, Any]:
    """Images and digits of a table."""
    table = np.loadtxt(path, delimiter=",")
    return table[:, :-1], table[:, -1].astype(int)


def write(path: str, images: Any, digits: Any) -> None:
    """A table with one image a row, its digit last."""
    Path(path).parent.mkdir(exist_ok=True)
    np.savetxt(path, np.column_stack([images, digits]), delimiter=",", fmt="%g")


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seed", type=int, default=0)
    seed = options.parse_args().seed
    download()
    prepare(seed)
    split()
    study(seed)
    report(seed)
