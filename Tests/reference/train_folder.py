"""Trains one of the networks in PyTorch on an ImageFolder and prints its history as CSV.

The counterpart of `sweep run` with `"shuffle": false, "augment": [], "dropout": 0`, started from the weights that
sweep wrote (`results/<experiment>/initial/<model>-w<width>-s<seed>.safetensors`):

    python train_folder.py mobilenet_v2 --data ../../data/animals-10 --initial initial.safetensors \\
        --width 0.35 --resolution 96 --epochs 3 --batch-size 192 --lr 1e-5

Columns as in `sweep report --history --csv`. Loss and accuracy are weighted by sample; the training ones
are the running values over the epoch.
"""

import argparse
import time

import numpy as np
import torch
from PIL import Image
from torch import nn
from torchvision import datasets
from torchvision.transforms import v2

import safetensors_io
from family import FAMILY, build
from mobilenets import MODELS, MobileNet, initialize, make_divisible, truncate


def decode(folder, resolution, mean, std, dtype):
    """All images of a folder, resized and normalized, `[N, 3, ρ, ρ]`, and their labels."""
    transform = v2.Compose([
        v2.Resize((resolution, resolution)), v2.ToImage(),
        v2.ToDtype(torch.float32, scale=True), v2.Normalize(mean, std)])
    found = datasets.ImageFolder(folder)
    images = torch.stack([transform(Image.open(path).convert("RGB")) for path, _ in found.samples])
    return images.to(dtype), torch.tensor([label for _, label in found.samples]), found.classes


def one_pass(model, images, labels, order, size, optimizer=None, channels_last=False):
    """Loss and accuracy over one epoch; trains where an optimizer is given."""
    model.train(optimizer is not None)
    loss_sum, correct = 0.0, 0
    with torch.set_grad_enabled(optimizer is not None):
        for start in range(0, len(order), size):
            index = order[start:start + size]
            batch = images[index]
            if channels_last:
                batch = batch.to(memory_format=torch.channels_last)
            logits = model(batch)
            loss = nn.functional.cross_entropy(logits, labels[index])
            if optimizer is not None:
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            loss_sum += loss.item() * len(index)
            correct += (logits.argmax(1) == labels[index]).sum().item()
    return loss_sum / len(order), correct / len(order)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model", choices=MODELS + FAMILY)
    parser.add_argument("--data", required=True, help="a folder with train and val")
    parser.add_argument("--initial", help="safetensors to start from; else drawn from --seed")
    parser.add_argument("--final", help="where to write the trained weights")
    parser.add_argument("--width", type=float, default=1.0)
    parser.add_argument("--resolution", type=int, default=224)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--batch-size", type=int, default=192)
    parser.add_argument("--lr", type=float, default=0.001)
    parser.add_argument("--seed", type=int, default=0, help="of the weights and the order")
    parser.add_argument("--channels", choices=["truncate", "make_divisible"], default="truncate")
    parser.add_argument("--mean", type=float, nargs=3, default=[0.5177, 0.5003, 0.4126])
    parser.add_argument("--std", type=float, nargs=3, default=[0.2133, 0.2130, 0.2149])
    parser.add_argument("--shuffle", action="store_true")
    parser.add_argument("--float64", action="store_true")
    parser.add_argument("--channels-last", action="store_true")
    parser.add_argument("--threads", type=int)
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)

    dtype = torch.float64 if options.float64 else torch.float32
    train, train_labels, classes = decode(
        f"{options.data}/train", options.resolution, options.mean, options.std, dtype)
    val, val_labels, _ = decode(
        f"{options.data}/val", options.resolution, options.mean, options.std, dtype)

    rounding = make_divisible if options.channels == "make_divisible" else truncate
    network = (options.model, options.width, len(classes), rounding)
    model = MobileNet(*network) if options.model in MODELS else build(*network)
    initialize(model, options.seed)
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    if options.initial:
        state = safetensors_io.load(options.initial)
        model.load_state_dict({k: torch.from_numpy(v) for k, v in state.items()}, strict=True)
    model = model.to(dtype)
    if options.channels_last:
        model = model.to(memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(model.parameters(), lr=options.lr)

    print("model,width,resolution,seed,epoch,train_loss,train_accuracy,val_loss,val_accuracy,"
          "learning_rate,seconds")
    generator = torch.Generator().manual_seed(options.seed)
    for epoch in range(1, options.epochs + 1):
        start = time.perf_counter()
        order = torch.arange(len(train))
        if options.shuffle:
            order = torch.randperm(len(train), generator=generator)
        common = (options.batch_size,)
        train_result = one_pass(
            model, train, train_labels, order, *common, optimizer, options.channels_last)
        val_result = one_pass(
            model, val, val_labels, torch.arange(len(val)), *common,
            channels_last=options.channels_last)
        row = [options.model, options.width, options.resolution, options.seed, epoch,
               *train_result, *val_result, options.lr, round(time.perf_counter() - start, 3)]
        print(",".join(map(str, row)), flush=True)

    if options.final:
        safetensors_io.save(options.final, {
            name: np.ascontiguousarray(
                value.to(torch.float32).numpy() if value.is_floating_point() else value.numpy())
            for name, value in model.state_dict().items()})


main()
