global using TorchMlp = Involute.Torch.Images.TorchMlp;
