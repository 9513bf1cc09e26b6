# Writes perceptron.pt and clouds.npz, which lie beside it: python3 save.py (run with PyTorch 1.13 and NumPy 1.24).
import numpy
import torch
from torch import nn

torch.manual_seed(0)
random = numpy.random.default_rng(0)

# Points of three clouds, and which cloud each is of.
targets = numpy.arange(480) % 3
inputs = random.normal(size=(480, 6)).astype(numpy.float32)
inputs[numpy.arange(480), targets] += 2
numpy.savez_compressed("clouds.npz", inputs=inputs, targets=targets)

model = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 3))
torch.jit.script(model).save("perceptron.pt")
