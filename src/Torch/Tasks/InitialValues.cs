namespace Involute.Torch.Tasks;

/// <summary>How a tensor begins: a constant, and normal numbers truncated at two standard deviations.</summary>
/// <param name="Constant">Added to each element.</param>
/// <param name="Scale">The normal numbers are multiplied by it; 0 for none.</param>
public readonly record struct InitialValues(double Constant, double Scale);
