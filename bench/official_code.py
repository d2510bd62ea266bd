"""A step of the official TimeSformer, timed. Arguments: the folder of its code, and the sizes as JSON. Writes "ready" when it is; then
reads lines, "train N" or "eval N", and writes the seconds of a step, on average over N in a row."""
import collections.abc
import json
import sys
import time
import types
from functools import partial

folder, sizes = sys.argv[1], json.loads(sys.argv[2])
# The packages' own __init__ files import much more than the model needs.
for name in ("timesformer", "timesformer.models"):
    package = types.ModuleType(name)
    package.__path__ = [folder + "/" + name.replace(".", "/")]
    sys.modules[name] = package
try:
    import torch
    # Later versions of PyTorch lack a module that the official code takes two names from.
    sys.modules["torch._six"] = types.SimpleNamespace(container_abcs=collections.abc, string_classes=(str, bytes), int_classes=int)
    from timesformer.models.vit import VisionTransformer
except ImportError as error:
    sys.exit(f"{error} (the official model needs torch, einops, fvcore and numpy)")

torch.set_num_threads(sizes["threads"])
torch.set_flush_denormal(True)
torch.manual_seed(0)
model = VisionTransformer(
    img_size=sizes["image_size"], patch_size=sizes["patch_size"], in_chans=sizes["in_channels"], num_classes=sizes["num_classes"],
    embed_dim=sizes["embed_dim"], depth=sizes["depth"], num_heads=sizes["num_heads"], mlp_ratio=sizes["mlp_ratio"],
    qkv_bias=sizes["qkv_bias"], drop_path_rate=0.0, norm_layer=partial(torch.nn.LayerNorm, eps=sizes["eps"]),
    num_frames=sizes["num_frames"], attention_type=sizes["scheme"])
for name, parameter in model.named_parameters():
    if "temporal_fc" in name:
        torch.nn.init.normal_(parameter, std=0.02)
device, dtype = sizes["device"], torch.bfloat16 if sizes["precision"] == "bfloat16_weights" else torch.float32
model = model.to(device, dtype)
step = torch.compile(model) if sizes["compile"] else model
optimizer = torch.optim.SGD(
    model.parameters(), lr=sizes["learning_rate"], momentum=sizes["momentum"], weight_decay=sizes["weight_decay"], nesterov=True)
clips = torch.randn(sizes["batch"], sizes["in_channels"], sizes["num_frames"], sizes["image_size"], sizes["image_size"])
clips = clips.to(device, dtype)
labels = torch.randint(0, sizes["num_classes"], (sizes["batch"],), device=device)
autocast = partial(torch.autocast, device.split(":")[0], dtype=torch.bfloat16, enabled=sizes["precision"] == "bfloat16")


def train():
    optimizer.zero_grad()
    with autocast():
        loss = torch.nn.functional.cross_entropy(step(clips).float(), labels)
    loss.backward()
    optimizer.step()


def evaluate():
    with torch.no_grad(), autocast():
        step(clips)


def finish():
    if device.startswith("cuda"):
        torch.cuda.synchronize()


print("ready", flush=True)
for line in sys.stdin:
    mode, repeats = line.split()
    work = train if mode == "train" else evaluate
    model.train(mode == "train")
    if device.startswith("cuda"):
        work()  # memory was given back after the last turn
    finish()
    start = time.perf_counter()
    for _ in range(int(repeats)):
        work()
    finish()
    print((time.perf_counter() - start) / int(repeats), flush=True)
    if device.startswith("cuda"):
        torch.cuda.empty_cache()  # for the other programs that take turns
