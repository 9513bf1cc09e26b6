using Involute.Tasks.Components;
using Involute.Torch.Tasks;

namespace Involute.Torch.Text;

/// <summary>Options of <see cref="RecurrentLm"/> with gated recurrent units.</summary>
[Component(
    "gru-lm", "predicts the bytes of a text by gated recurrent units, by libtorch",
    Source = "Cho et al., arXiv 1406.1078, with the reset gate after the product, as cuDNN has it")]
public sealed record GruLmOptions : RecurrentOptions
{
    /// <inheritdoc/>
    protected override TorchTask CreateTask() =>
        new RecurrentLm(false, Text(), Width, Units, SequenceLength, BatchSize, Batching);
}
