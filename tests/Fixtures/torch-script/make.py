# Writes the models and examples beside it, with loss and gradient as PyTorch computes them in float64 on the examples of ROWS:
# python3 make.py (run with PyTorch 1.13 and NumPy 1.24). ScriptsOfPyTorchTests reads them.
import copy

import numpy
import torch
from torch import nn
from torch.nn import functional

# The examples of step 3 of trajectory (4, 1, 0) in training, a batch of 12 of 240; the test checks them.
ROWS = [221, 131, 236, 172, 151, 5, 115, 194, 24, 113, 86, 224]

torch.manual_seed(1)
random = numpy.random.default_rng(1)


class Conv(nn.Module):
    """Buffers that change (batch statistics), one that does not, a frozen parameter, modules in modules; uint8 images."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten())
        self.head = nn.Linear(4 * 9, 3)
        self.scale = nn.Parameter(torch.tensor(2.0), requires_grad=False)
        self.register_buffer("shift", torch.tensor([0.1, 0.2, 0.3]))

    def forward(self, x):
        return self.head(self.body(x)) * self.scale + self.shift


class Recurrent(nn.Module):
    """Whole numbers in; as many targets as times."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(7, 5)
        self.gru = nn.GRU(5, 6, batch_first=True)
        self.head = nn.Linear(6, 7)

    def forward(self, tokens):
        hidden, _ = self.gru(self.embedding(tokens))
        return self.head(hidden)


class OwnLoss(nn.Module):
    """A loss of its own, of two arguments; dropout that evaluation turns off."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(4, 5), nn.Tanh(), nn.Dropout(0.5), nn.Linear(5, 2))

    def forward(self, x, y):
        return (self.layers(x) - y).abs().mean()


def write(name, model, script, inputs, targets, loss):
    script.save(name + ".pt")
    numpy.savez_compressed(name + ".npz", inputs=inputs, targets=targets)
    x, y = torch.from_numpy(inputs[ROWS]), torch.from_numpy(targets[ROWS])
    if x.dtype == torch.uint8:
        x = x.float() / 255
    model = copy.deepcopy(model).double()
    value = loss(model, x.double() if x.is_floating_point() else x, y.double() if y.is_floating_point() else y)
    value.backward()
    gradient = [p.grad.flatten() for p in model.parameters() if p.requires_grad]
    with open(name + ".txt", "w") as file:
        for number in [value.item(), *torch.cat(gradient).tolist()]:
            file.write(repr(number) + "\n")


def cross_entropy(model, x, y):
    logits = model(x)
    return functional.cross_entropy(logits.reshape(-1, logits.shape[-1]), y.reshape(-1))


images = random.integers(0, 256, size=(240, 1, 5, 5), dtype=numpy.uint8)
conv = Conv()
write("conv", conv, torch.jit.script(conv), images, random.integers(0, 3, size=240), cross_entropy)

tokens = random.integers(0, 7, size=(240, 9))
recurrent = Recurrent()
write("recurrent", recurrent, torch.jit.script(recurrent), tokens[:, :-1], tokens[:, 1:], cross_entropy)

points = random.normal(size=(240, 4))
own = OwnLoss().eval()
pair = (torch.from_numpy(points[:2]).float(), torch.zeros(2, 2))
write("own-loss", own, torch.jit.trace(own, pair), points, random.normal(size=(240, 2)), lambda m, x, y: m(x, y))

line = nn.Linear(4, 2)
answers = random.normal(size=(240, 2)).astype(numpy.float32)
write("line", line, torch.jit.trace(line, pair[0]), points, answers, lambda m, x, y: functional.mse_loss(m(x), y))
