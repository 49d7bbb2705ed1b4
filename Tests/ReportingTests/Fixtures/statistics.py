"""Makes statistics.json: reference values of the report's statistics, by SciPy, statsmodels and scikit-learn.

    pip install scipy statsmodels scikit-learn && python statistics.py > statistics.json
"""

import json
import sys

import numpy as np
import scipy
import sklearn
import statsmodels
from scipy import stats
from sklearn.metrics import balanced_accuracy_score
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

rng = np.random.default_rng(0)
out = {"versions": {m.__name__: m.__version__ for m in (np, scipy, statsmodels, sklearn)}}

pairs = [(0, 0), (0, 1), (0, 6), (1, 9), (5, 5), (10, 3), (59, 121), (150, 160), (900, 1000), (2500, 2300)]
out["mcnemar"] = [
    {"first": b, "second": c, "p": float(mcnemar([[7, b], [c, 9]], exact=True).pvalue)} for b, c in pairs
]

out["holm"] = []
for count in (1, 2, 5, 20):
    p = np.round(rng.beta(0.4, 2, count), 4)
    if count == 5:
        p[3] = p[1]
    out["holm"].append({"p": p.tolist(), "adjusted": multipletests(p, method="holm")[1].tolist()})

out["t"] = [
    {"p": p, "n": n, "t": float(stats.t.ppf(p, n))}
    for n in (1, 2, 4, 9, 30, 1000)
    for p in (0.5, 0.9, 0.975, 0.9995)
]

out["means"] = []
for count in (2, 3, 5, 12):
    values = np.round(rng.normal(0.7, 0.02, count), 6)
    low, high = stats.t.interval(0.95, count - 1, values.mean(), stats.sem(values))
    out["means"].append(
        {"values": values.tolist(), "mean": float(values.mean()), "deviation": float(values.std(ddof=1)),
         "low": float(low), "high": float(high)})

out["balanced"] = []
for images, classes in ((30, 3), (200, 10)):
    labels = np.minimum(rng.geometric(0.4, images) - 1, classes - 1)
    predictions = np.where(rng.random(images) < 0.7, labels, rng.integers(0, classes, images))
    out["balanced"].append(
        {"labels": labels.tolist(), "predictions": predictions.tolist(),
         "accuracy": float(balanced_accuracy_score(labels, predictions))})

out["bootstrap"] = []
for images, first, second in ((40, 0.8, 0.6), (500, 0.7, 0.68)):
    a, b = rng.random(images) < first, rng.random(images) < second
    difference = a.astype(float) - b.astype(float)
    result = stats.bootstrap(
        (difference,), np.mean, n_resamples=200_000, batch=2000, method="percentile", rng=np.random.default_rng(1))
    out["bootstrap"].append(
        {"difference": difference.tolist(), "low": float(result.confidence_interval.low),
         "high": float(result.confidence_interval.high), "standard_error": float(result.standard_error)})

out["log_gamma"] = [{"x": x, "value": float(scipy.special.gammaln(x))} for x in (0.25, 0.5, 1.0, 1.5, 3.0, 100.5, 5e4)]

json.dump(out, sys.stdout, indent=1)
print()
