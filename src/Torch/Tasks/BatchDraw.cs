namespace Involute.Torch.Tasks;

/// <summary>How many numbers the batch of one step is made from.</summary>
/// <param name="Indices">Whole numbers, e.g. the examples that it has.</param>
/// <param name="Normals">Normal numbers, e.g. noise.</param>
public readonly record struct BatchDraw(int Indices, int Normals = 0);
