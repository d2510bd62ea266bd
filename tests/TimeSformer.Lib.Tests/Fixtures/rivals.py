"""Writes rivals.json: logits, losses and gradients of small ViViTs, VideoMAEs and an image ViT on frames, with torch.nn.functional alone.

    python3 rivals.py

Run with Debian's python3-torch (1.13), in float64. The models follow the papers (Arnab et al. 2021, models 1 and 2; Tong et al. 2022;
Dosovitskiy et al. 2021). Weights and clips are given by a formula, numbers(), so that none are stored: those of the parameter at place k of
the sorted names by numbers(k). Of each gradient one number is stored, its product with numbers(1000 + k).
"""
import json
import math
import pathlib

import torch
from torch.nn import functional as F

DIM, HEADS, DEPTH, TEMPORAL_DEPTH, PATCH, FRAMES, TUBELET, SIDE, CLASSES = 32, 2, 2, 1, 8, 4, 2, 2, 5
DECODER = 32
MOMENTS, PLACES = FRAMES // TUBELET, SIDE * SIDE
MASK = [True, False, True, True] * MOMENTS


def numbers(shape, k):
    # Between -0.3 and 0.3, without a pattern.
    i = torch.arange(math.prod(shape), dtype=torch.float64)
    x = torch.sin(i * 12.9898 + k * 78.233) * 43758.5453
    return ((x - torch.floor(x)) * 0.6 - 0.3).reshape(shape)


def block_shapes(name, dim):
    return {
        f"{name}.norm1.weight": (dim,), f"{name}.norm1.bias": (dim,),
        f"{name}.attn.qkv.weight": (3 * dim, dim), f"{name}.attn.qkv.bias": (3 * dim,),
        f"{name}.attn.proj.weight": (dim, dim), f"{name}.attn.proj.bias": (dim,),
        f"{name}.norm2.weight": (dim,), f"{name}.norm2.bias": (dim,),
        f"{name}.mlp.fc1.weight": (2 * dim, dim), f"{name}.mlp.fc1.bias": (2 * dim,),
        f"{name}.mlp.fc2.weight": (dim, 2 * dim), f"{name}.mlp.fc2.bias": (dim,),
    }


def blocks_shapes(stem, depth, dim=DIM):
    return {name: shape for i in range(depth) for name, shape in block_shapes(f"{stem}.{i}", dim).items()}


def layer(name, *shape):
    return {f"{name}.weight": shape, f"{name}.bias": shape[:1]}


def weights(shapes):
    made = {}
    for k, name in enumerate(sorted(shapes)):
        made[name] = numbers(shapes[name], k).requires_grad_()
    return made


def linear(w, name, x):
    return F.linear(x, w[name + ".weight"], w.get(name + ".bias"))


def norm(w, name, x):
    return F.layer_norm(x, x.shape[-1:], w[name + ".weight"], w[name + ".bias"], 1e-6)


def block(w, name, x, approximate):
    s, length, dim = x.shape
    q, k, v = linear(w, name + ".attn.qkv", norm(w, name + ".norm1", x)).view(s, length, 3, HEADS, dim // HEADS).permute(2, 0, 3, 1, 4)
    attention = torch.softmax(q @ k.transpose(2, 3) / (dim // HEADS) ** 0.5, dim=-1)
    x = x + linear(w, name + ".attn.proj", (attention @ v).transpose(1, 2).reshape(s, length, dim))
    hidden = F.gelu(linear(w, name + ".mlp.fc1", norm(w, name + ".norm2", x)), approximate=approximate)
    return x + linear(w, name + ".mlp.fc2", hidden)


def blocks(w, stem, depth, x, approximate="none"):
    for i in range(depth):
        x = block(w, f"{stem}.{i}", x, approximate)
    return x


def tubelets(w, clips):
    return F.conv3d(clips, w["patch_embed.proj.weight"], w["patch_embed.proj.bias"], stride=(TUBELET, PATCH, PATCH)).flatten(2).transpose(1, 2)


def sinusoids(places, dim):
    return torch.tensor([[(math.cos if i % 2 else math.sin)(p / 10000 ** (2 * (i // 2) / dim)) for i in range(dim)] for p in range(places)],
                        dtype=torch.float64)


TUBELET_SHAPES = layer("patch_embed.proj", DIM, 3, TUBELET, PATCH, PATCH)
VIT_SHAPES = {"cls_token": (1, 1, DIM), **blocks_shapes("blocks", DEPTH), **layer("norm", DIM), **layer("head", CLASSES, DIM)}


def vivit(clips):
    w = weights({**VIT_SHAPES, **TUBELET_SHAPES, "pos_embed": (1, 1 + MOMENTS * PLACES, DIM)})
    x = torch.cat([w["cls_token"].expand(len(clips), 1, DIM), tubelets(w, clips)], 1) + w["pos_embed"]
    x = blocks(w, "blocks", DEPTH, x, "tanh")
    return w, linear(w, "head", norm(w, "norm", x[:, 0]))


def factorized_vivit(clips):
    w = weights({**VIT_SHAPES, **TUBELET_SHAPES, "pos_embed": (1, 1 + PLACES, DIM), "temporal_cls_token": (1, 1, DIM),
                 "time_embed": (1, MOMENTS, DIM), **blocks_shapes("temporal_blocks", TEMPORAL_DEPTH), **layer("temporal_norm", DIM)})
    moments = []
    for x in tubelets(w, clips).chunk(MOMENTS, 1):
        x = torch.cat([w["cls_token"].expand(len(clips), 1, DIM), x], 1) + w["pos_embed"]
        moments.append(norm(w, "norm", blocks(w, "blocks", DEPTH, x)[:, 0]))
    x = torch.stack(moments, 1) + w["time_embed"]
    x = torch.cat([w["temporal_cls_token"].expand(len(clips), 1, DIM), x], 1)
    x = blocks(w, "temporal_blocks", TEMPORAL_DEPTH, x)
    return w, linear(w, "head", norm(w, "temporal_norm", x[:, 0]))


def videomae(clips, mean):
    w = weights({**TUBELET_SHAPES, **blocks_shapes("blocks", DEPTH), **layer("fc_norm" if mean else "norm", DIM), **layer("head", CLASSES, DIM)})
    x = blocks(w, "blocks", DEPTH, tubelets(w, clips) + sinusoids(MOMENTS * PLACES, DIM))
    return w, linear(w, "head", norm(w, "fc_norm", x.mean(1)) if mean else norm(w, "norm", x[:, 0]))


def vit(clips):
    w = weights({**VIT_SHAPES, **layer("patch_embed.proj", DIM, 3, PATCH, PATCH), "pos_embed": (1, 1 + PLACES, DIM)})
    scores = []
    for frame in clips.unbind(2):
        x = F.conv2d(frame, w["patch_embed.proj.weight"], w["patch_embed.proj.bias"], stride=PATCH).flatten(2).transpose(1, 2)
        x = torch.cat([w["cls_token"].expand(len(clips), 1, DIM), x], 1) + w["pos_embed"]
        scores.append(linear(w, "head", norm(w, "norm", blocks(w, "blocks", DEPTH, x)[:, 0])))
    return w, torch.stack(scores).mean(0)


def pretraining(clips):
    pixels = TUBELET * PATCH * PATCH
    w = weights({**TUBELET_SHAPES, **blocks_shapes("blocks", DEPTH), **layer("norm", DIM), "encoder_to_decoder.weight": (DECODER, DIM),
                 "mask_token": (1, 1, DECODER), **blocks_shapes("decoder.blocks", 1, DECODER), **layer("decoder.norm", DECODER),
                 **layer("decoder.head", 3 * pixels, DECODER)})
    mask = torch.tensor(MASK)
    x = (tubelets(w, clips) + sinusoids(MOMENTS * PLACES, DIM))[:, ~mask]
    x = linear(w, "encoder_to_decoder", norm(w, "norm", blocks(w, "blocks", DEPTH, x)))
    places = sinusoids(MOMENTS * PLACES, DECODER)
    x = torch.cat([x + places[~mask], (w["mask_token"] + places[mask]).expand(len(clips), -1, -1)], 1)
    x = blocks(w, "decoder.blocks", 1, x)[:, -int(mask.sum()):]
    predicted = linear(w, "decoder.head", norm(w, "decoder.norm", x))
    target = []  # for each masked tubelet, pixel by pixel with its three colors, each color normalized by itself
    for index in mask.nonzero().flatten().tolist():
        t, h, v = index // PLACES * TUBELET, index % PLACES // SIDE * PATCH, index % SIDE * PATCH
        tubelet = clips[:, :, t:t + TUBELET, h:h + PATCH, v:v + PATCH].flatten(2)
        tubelet = (tubelet - tubelet.mean(2, keepdim=True)) / tubelet.std(2, keepdim=True)
        target.append(tubelet.transpose(1, 2).flatten(1))
    return w, predicted, ((predicted - torch.stack(target, 1)) ** 2).mean()


def gradients(w, loss):
    loss.backward()
    return {name: float(f"{(w[name].grad * numbers(w[name].shape, 1000 + k)).sum():.9g}") for k, name in enumerate(sorted(w))}


def rounded(tensor):
    return [float(f"{value:.9g}") for value in tensor.flatten().tolist()]


def main():
    clips = numbers((2, 3, FRAMES, SIDE * PATCH, SIDE * PATCH), 500) * 5
    labels = torch.tensor([1, 3])
    models = {"ViViT": vivit, "FactorizedViViT": factorized_vivit, "VideoMae of the mean": lambda x: videomae(x, True),
              "VideoMae of the first token": lambda x: videomae(x, False), "VisionTransformer": vit}
    result = {}
    for name, model in models.items():
        w, logits = model(clips)
        loss = F.cross_entropy(logits, labels)
        result[name] = {"outputs": rounded(logits), "loss": rounded(loss)[0], "gradients": gradients(w, loss)}
    w, predicted, loss = pretraining(clips)
    result["VideoMaePretraining"] = {"outputs": rounded(predicted[:, ::3, ::50]), "loss": rounded(loss)[0], "gradients": gradients(w, loss)}
    path = pathlib.Path(__file__).with_name("rivals.json")
    path.write_text(json.dumps(result, indent=1) + "\n")
    print({name: (len(of["outputs"]), of["loss"]) for name, of in result.items()})


main()
