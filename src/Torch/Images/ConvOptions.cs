using Involute.Tasks.Components;
using Involute.Torch.Tasks;

namespace Involute.Torch.Images;

/// <summary>Options of <see cref="Conv"/>.</summary>
[Component(
    "conv", "a small convolutional network on images, by libtorch",
    Source = "learned_optimization, tasks/fixed/conv.py", Theirs = ["_ConvTask"])]
public sealed record ConvOptions : TorchImageOptions
{
    /// <summary>Channels of each convolution, at most 16 of them.</summary>
    [Option("Channels of each 3×3 convolution; the first has stride 2.", MostItems = 16, Least = 1, Most = 4096)]
    public IReadOnlyList<int> Channels { get; init; } = [32, 64, 64];

    /// <inheritdoc/>
    public override IEnumerable<OptionProblem> Check() =>
        Channels.Count > 0
            ? base.Check()
            : [.. base.Check(), new OptionProblem("channels", "no convolution", "1 to 16 numbers")];

    /// <summary>Equal channels make equal options; a record would compare the lists themselves.</summary>
    public bool Equals(ConvOptions? other) =>
        base.Equals(other) && Channels.SequenceEqual(other.Channels);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Channels.Count);

    /// <inheritdoc/>
    protected override TorchTask CreateTask() => new Conv(Images(), Channels, BatchSize, Batching);
}
