"""Writes convolution_models.json: logits, gradients and running statistics of small I3D, SlowFast and CNN-GRU models.

    python3 convolution_models.py

Run with Debian's python3-torch (1.13), in float64. The networks are composed of torch.nn.functional from the papers' tables and PySlowFast's
configurations; weights, statistics and clips are given by a formula of a tensor's name and an element's index, so that none are stored.
"""
import json
import math
import pathlib

import torch
from torch.nn import functional as F


def uniform(name, shape):
    """Numbers in [0, 1) that look random."""
    seed = sum((place + 1) * ord(letter) for place, letter in enumerate(name)) % 997
    index = torch.arange(math.prod(shape), dtype=torch.float64)
    numbers = torch.sin(index * 12.9898 + seed * 78.233) * 43758.5453
    return (numbers - numbers.floor()).reshape(shape)


class Network:
    def __init__(self):
        self.tensors, self.training = {}, False

    def get(self, name, shape):
        if name not in self.tensors:
            numbers = uniform(name, shape)
            if name.endswith("running_var") or (name.endswith(".weight") and len(shape) == 1):
                numbers = numbers + 0.5
            elif len(shape) == 1:
                numbers = (2 * numbers - 1) * 0.2
            else:
                numbers = (2 * numbers - 1) * math.sqrt(6 / math.prod(shape[1:]))
            self.tensors[name] = numbers.requires_grad_("running" not in name)
        return self.tensors[name]

    def norm(self, name, x):
        size = (x.shape[1],)
        mean, var = self.get(name + ".running_mean", size), self.get(name + ".running_var", size)
        weight, bias = self.get(name + ".weight", size), self.get(name + ".bias", size)
        return F.batch_norm(x, mean, var, weight, bias, self.training, 0.1, 1e-5)

    def conv(self, name, x, out, kernel, stride, normed=None):
        """A convolution that keeps the size but for its stride, and its norm."""
        weight = self.get(name + ".weight", (out, x.shape[1], *kernel))
        function = F.conv3d if len(kernel) == 3 else F.conv2d
        return self.norm(normed or name + "_bn", function(x, weight, stride=stride, padding=[size // 2 for size in kernel]))

    def linear(self, name, x, out):
        return F.linear(x, self.get(name + ".weight", (out, x.shape[-1])), self.get(name + ".bias", (out,)))

    def stem(self, pathway, x, out, frames):
        name = f"s1.pathway{pathway}_stem."
        x = torch.relu(self.conv(name + "conv", x, out, (frames, 7, 7), (1, 2, 2), name + "bn"))
        return F.max_pool3d(x, (1, 3, 3), (1, 2, 2), (0, 1, 1))

    def stage(self, number, pathway, x, inner, kernels):
        for index, frames in enumerate(kernels):
            name = f"s{number}.pathway{pathway}_res{index}."
            stride = 2 if index == 0 and number > 2 else 1
            y = torch.relu(self.conv(name + "branch2.a", x, inner, (frames, 1, 1), 1))
            y = torch.relu(self.conv(name + "branch2.b", y, inner, (1, 3, 3), (1, stride, stride)))
            y = self.conv(name + "branch2.c", y, 4 * inner, (1, 1, 1), 1)
            if x.shape != y.shape:
                x = self.conv(name + "branch1", x, 4 * inner, (1, 1, 1), (1, stride, stride))
            x = torch.relu(x + y)
        return x

    def head(self, pooled, classes):
        """Logits at each position of the pooled maps, then their average."""
        return self.linear("head.projection", torch.cat(pooled, 1).permute(0, 2, 3, 4, 1), classes).mean((1, 2, 3))


class I3D(Network):
    """Width 8; blocks 2, 2, 3 and 1; made for 4 frames of 64x64 pixels."""

    def forward(self, x):
        x = self.stem(0, x, 8, 5)
        x = self.stage(2, 0, x, 8, [3, 3])
        x = F.max_pool3d(x, (2, 1, 1), (2, 1, 1))
        x = self.stage(3, 0, x, 16, [3, 1])
        x = self.stage(4, 0, x, 32, [3, 1, 3])
        x = self.stage(5, 0, x, 64, [1])
        return self.head([F.avg_pool3d(x, (2, 2, 2), 1)], 5)


class SlowFast(Network):
    """Widths 16 and 4; blocks 1, 2, 1 and 1; alpha 4, fusions of 5 frames and twice the channels; made for 8 frames of 64x64 pixels."""

    def fuse(self, number, slow, fast):
        name = f"s{number}_fuse."
        weight = self.get(name + "conv_f2s.weight", (2 * fast.shape[1], fast.shape[1], 5, 1, 1))
        fused = self.norm(name + "bn", F.conv3d(fast, weight, stride=(4, 1, 1), padding=(2, 0, 0)))
        return torch.cat([slow, torch.relu(fused)], 1)

    def forward(self, x):
        slow, fast = x[:, :, [0, 7]], x
        slow, fast = self.stem(0, slow, 16, 1), self.stem(1, fast, 4, 5)
        for number, blocks in [(2, 1), (3, 2), (4, 1), (5, 1)]:
            slow = self.fuse(number - 1, slow, fast)
            slow = self.stage(number, 0, slow, 16 << (number - 2), [1 if number < 4 else 3] * blocks)
            fast = self.stage(number, 1, fast, 4 << (number - 2), [3] * blocks)
        return self.head([F.avg_pool3d(slow, (2, 2, 2), 1), F.avg_pool3d(fast, (8, 2, 2), 1)], 5)


class CnnGru(Network):
    """ResNet-18 of width 8 or ResNet-50 of width 4, GRUs of 6 and 4, a dense layer of 3."""

    def __init__(self, width, blocks, deep):
        super().__init__()
        self.width, self.blocks, self.deep = width, blocks, deep

    def block(self, name, x, inner, stride):
        if self.deep:
            y = torch.relu(self.conv(name + "conv1", x, inner, (1, 1), 1, name + "bn1"))
            y = torch.relu(self.conv(name + "conv2", y, inner, (3, 3), stride, name + "bn2"))
            y = self.conv(name + "conv3", y, 4 * inner, (1, 1), 1, name + "bn3")
        else:
            y = torch.relu(self.conv(name + "conv1", x, inner, (3, 3), stride, name + "bn1"))
            y = self.conv(name + "conv2", y, inner, (3, 3), 1, name + "bn2")
        if x.shape != y.shape:
            x = self.conv(name + "downsample.0", x, y.shape[1], (1, 1), stride, name + "downsample.1")
        return torch.relu(x + y)

    def recur(self, name, x, size):
        state = x.new_zeros(x.shape[0], size)
        weights = [self.get(f"{name}.{kind}_l0", shape) for kind, shape in [
            ("weight_ih", (3 * size, x.shape[2])), ("weight_hh", (3 * size, size)), ("bias_ih", (3 * size,)), ("bias_hh", (3 * size,))]]
        states = []
        for frame in x.unbind(1):
            new = F.linear(frame, weights[0], weights[2]).chunk(3, 1)
            old = F.linear(state, weights[1], weights[3]).chunk(3, 1)
            reset, update = torch.sigmoid(new[0] + old[0]), torch.sigmoid(new[1] + old[1])
            state = (1 - update) * torch.tanh(new[2] + reset * old[2]) + update * state
            states.append(state)
        return torch.stack(states, 1)

    def forward(self, x):
        batch, _, frames = x.shape[:3]
        x = x.transpose(1, 2).flatten(0, 1)
        x = torch.relu(self.conv("backbone.conv1", x, self.width, (7, 7), 2, "backbone.bn1"))
        x = F.max_pool2d(x, 3, 2, 1)
        for stage, count in enumerate(self.blocks):
            for index in range(count):
                stride = 2 if index == 0 and stage > 0 else 1
                x = self.block(f"backbone.layer{stage + 1}.{index}.", x, self.width << stage, stride)
        x = self.recur("gru2", self.recur("gru1", x.mean((2, 3)).view(batch, frames, -1), 6), 4)[:, -1]
        return self.linear("head", torch.relu(self.linear("dense", x, 3)), 5)


def numbers(tensor):
    return [round(value, 8) for value in tensor.detach().flatten().tolist()]


def case(make, own, other, gradients, buffers):
    """Logits of a clip of another size in evaluation; logits, gradients and statistics of a training step on two of the model's own."""
    network = make()
    with torch.no_grad():
        result = {"logits": numbers(network.forward(2 * uniform("clip", (1, 3, *other)) - 1))}
    network = make()
    network.training = True
    logits = network.forward(2 * uniform("clips", (2, 3, *own)) - 1)
    F.cross_entropy(logits, torch.tensor([3, 1])).backward()
    result["training"] = numbers(logits)
    result["gradients"] = {name: numbers(network.tensors[name].grad.flatten()[:8]) for name in gradients}
    result["buffers"] = {name: numbers(network.tensors[name][:8]) for name in buffers}
    return result


cases = {
    "i3d": case(
        I3D, (4, 64, 64), (6, 96, 64),
        ["s1.pathway0_stem.conv.weight", "s3.pathway0_res0.branch1.weight", "s4.pathway0_res2.branch2.a.weight",
         "s4.pathway0_res2.branch2.c_bn.weight", "head.projection.weight"],
        ["s1.pathway0_stem.bn.running_mean", "s3.pathway0_res0.branch1_bn.running_var", "s5.pathway0_res0.branch2.c_bn.running_mean"]),
    "slowfast": case(
        SlowFast, (8, 64, 64), (8, 96, 64),
        ["s1.pathway1_stem.conv.weight", "s1_fuse.conv_f2s.weight", "s3_fuse.bn.bias", "s3.pathway1_res1.branch2.b.weight",
         "s5.pathway0_res0.branch2.a.weight", "head.projection.weight"],
        ["s1_fuse.bn.running_var", "s4.pathway1_res0.branch2.b_bn.running_mean"]),
    "cnn-gru, ResNet-18": case(
        lambda: CnnGru(8, (2, 2, 2, 2), False), (3, 64, 64), (5, 64, 96),
        ["backbone.conv1.weight", "backbone.layer3.0.downsample.0.weight", "gru1.weight_hh_l0", "gru2.bias_ih_l0", "head.weight"],
        ["backbone.layer2.1.bn2.running_var"]),
    "cnn-gru, ResNet-50": case(
        lambda: CnnGru(4, (3, 4, 6, 3), True), (3, 64, 64), (2, 64, 96),
        ["backbone.layer1.0.conv3.weight", "backbone.layer4.2.bn3.bias", "dense.weight"], ["backbone.layer1.0.downsample.1.running_mean"]),
}
path = pathlib.Path(__file__).with_name("convolution_models.json")
path.write_text(json.dumps(cases, indent=1) + "\n")
print(f"{path.name}: {path.stat().st_size} bytes;", {name: entry["logits"] for name, entry in cases.items()})
