"""Writes image_model.json: the logits of DeiT-tiny for a picture given by a formula, computed with torch.nn.functional alone.

    python3 image_model.py deit_tiny_patch16_224.safetensors

Run with Debian's python3-torch (1.13). The vision transformer is that of Dosovitskiy et al. 2021 with DeiT-tiny's sizes: 12 blocks,
width 192, 3 heads, patches of 16 pixels, pre-norm, LayerNorm with eps 1e-6, exact GELU, class token first. In float64.
"""
import json
import pathlib
import struct
import sys

import numpy
import torch
from torch.nn import functional as F


def read(path):
    data = pathlib.Path(path).read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    weights = {}
    for name, entry in json.loads(data[8:8 + length]).items():
        if name == "__metadata__":
            continue
        start, end = (8 + length + offset for offset in entry["data_offsets"])
        values = numpy.frombuffer(data[start:end], dtype="<f4").reshape(entry["shape"])
        weights[name] = torch.from_numpy(values.astype("float64"))
    return weights


def picture():
    channel, row, column = torch.meshgrid(torch.arange(3.0), torch.arange(224.0), torch.arange(224.0), indexing="ij")
    return torch.sin(0.05 * (channel + 1) * row + 0.03 * column).double() + 0.5 * torch.cos(0.11 * column - 0.02 * row).double()


def linear(w, name, x):
    return F.linear(x, w[name + ".weight"], w[name + ".bias"])


def norm(w, name, x):
    return F.layer_norm(x, x.shape[-1:], w[name + ".weight"], w[name + ".bias"], 1e-6)


def block(w, prefix, x, heads=3):
    tokens, width = x.shape
    qkv = linear(w, prefix + "attn.qkv", norm(w, prefix + "norm1", x)).view(tokens, 3, heads, width // heads)
    q, k, v = (qkv[:, part].transpose(0, 1) for part in range(3))  # (heads, tokens, width / heads)
    attention = torch.softmax(q @ k.transpose(1, 2) / (width // heads) ** 0.5, dim=-1)
    x = x + linear(w, prefix + "attn.proj", (attention @ v).transpose(0, 1).reshape(tokens, width))
    hidden = F.gelu(linear(w, prefix + "mlp.fc1", norm(w, prefix + "norm2", x)))
    return x + linear(w, prefix + "mlp.fc2", hidden)


def main():
    w = read(sys.argv[1])
    patches = F.conv2d(picture()[None], w["patch_embed.proj.weight"], w["patch_embed.proj.bias"], stride=16)
    x = torch.cat([w["cls_token"][0], patches[0].flatten(1).T]) + w["pos_embed"][0]
    for index in range(12):
        x = block(w, f"blocks.{index}.", x)
    logits = linear(w, "head", norm(w, "norm", x)[0])
    path = pathlib.Path(__file__).with_name("image_model.json")
    path.write_text(json.dumps([round(value, 6) for value in logits.tolist()]) + "\n")
    print(f"{path.name}: best class {int(logits.argmax())}, {logits.max():.4f}")


main()
