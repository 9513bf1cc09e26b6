using Involute.Tasks.Components;
using Involute.Torch.Tasks;

namespace Involute.Torch.Text;

/// <summary>Options of <see cref="TransformerLm"/>.</summary>
[Component(
    "transformer-lm", "predicts the bytes of a text by a small causal transformer, by libtorch",
    Source = "Vaswani et al., arXiv 1706.03762")]
public sealed record TransformerLmOptions : LanguageOptions
{
    /// <summary>Blocks.</summary>
    [Option("Number of blocks.", Least = 1, Most = 64)]
    public int Blocks { get; init; } = 2;

    /// <summary>Heads of the attention.</summary>
    [Option("Heads of the attention; divides width.", Least = 1, Most = 64)]
    public int Heads { get; init; } = 4;

    /// <inheritdoc/>
    public override IEnumerable<OptionProblem> Check() => Width % Heads == 0
        ? base.Check()
        : [.. base.Check(), new OptionProblem("heads", $"{Heads} does not divide width, {Width}", "a divisor of it")];

    /// <inheritdoc/>
    protected override TorchTask CreateTask() =>
        new TransformerLm(Text(), Width, Blocks, Heads, SequenceLength, BatchSize, Batching);
}
