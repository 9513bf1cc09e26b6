using Involute.Tasks.Components;
using Involute.Torch.Tasks;

namespace Involute.Torch.Text;

/// <summary>Options of <see cref="RecurrentLm"/> with a long short-term memory.</summary>
[Component(
    "lstm-lm", "predicts the bytes of a text by a long short-term memory, by libtorch",
    Source = "Gers, Schmidhuber, Cummins, Neural Computation 12(10), 2000")]
public sealed record LstmLmOptions : RecurrentOptions
{
    /// <inheritdoc/>
    protected override TorchTask CreateTask() =>
        new RecurrentLm(true, Text(), Width, Units, SequenceLength, BatchSize, Batching);
}
