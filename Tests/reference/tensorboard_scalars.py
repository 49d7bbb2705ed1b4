"""Prints what TensorBoard reads in a folder of event files: a line a scalar or hyperparameter.

    python tensorboard_scalars.py FOLDER
"""

import os
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData

for cell in sorted(os.listdir(sys.argv[1])):
    events = EventAccumulator(os.path.join(sys.argv[1], cell))
    events.Reload()
    for tag in sorted(events.Tags()["scalars"]):
        for event in events.Scalars(tag):
            print(cell, tag, event.step, f"{event.value:.6g}", sep="\t")
    start = events.SummaryMetadata("_hparams_/session_start_info").plugin_data.content
    for name, value in sorted(HParamsPluginData.FromString(start).session_start_info.hparams.items()):
        print(cell, name, "", getattr(value, value.WhichOneof("kind")), sep="\t")
    end = events.SummaryMetadata("_hparams_/session_end_info").plugin_data.content
    print(cell, "status", "", HParamsPluginData.FromString(end).session_end_info.status, sep="\t")
