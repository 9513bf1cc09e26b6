using Involute.Tasks.Components;
using Involute.Torch.Tasks;

namespace Involute.Torch.Images;

/// <summary>Options of <see cref="Vit"/>.</summary>
[Component("vit", "a small vision transformer on images, by libtorch", Source = "Dosovitskiy et al., arXiv 2010.11929")]
public sealed record VitOptions : PatchOptions
{
    /// <summary>Heads of the attention.</summary>
    [Option("Heads of the attention; divides width.", Least = 1, Most = 64)]
    public int Heads { get; init; } = 4;

    /// <inheritdoc/>
    public override IEnumerable<OptionProblem> Check() => Width % Heads == 0
        ? base.Check()
        : [.. base.Check(), new OptionProblem("heads", $"{Heads} does not divide width, {Width}", "a divisor of it")];

    /// <inheritdoc/>
    protected override TorchTask CreateTask() => new Vit(Images(), Patch, Width, Blocks, Heads, BatchSize, Batching);
}
