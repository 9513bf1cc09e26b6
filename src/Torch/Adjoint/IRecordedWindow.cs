using static TorchSharp.torch;

namespace Involute.Torch.Adjoint;

/// <summary>One step of the lanes that have it.</summary>
/// <param name="Parameters">Before the step, [lanes, inner parameters].</param>
/// <param name="State">Likewise, [lanes, optimizer state].</param>
/// <param name="Batch">What the lanes see.</param>
/// <param name="Weights">How much the loss of each lane counts, [lanes].</param>
internal readonly record struct RecordedStep(Tensor Parameters, Tensor State, StepBatch Batch, Tensor Weights);

/// <summary>The steps that stacked lanes have gone, from the last one back.</summary>
/// <remarks>
/// Lanes may have gone different numbers of steps: those that have gone the most come first, so that the lanes of any
/// step are the first few.
/// </remarks>
internal interface IRecordedWindow
{
    /// <summary>Steps of the first lane.</summary>
    int Steps { get; }

    /// <summary>A step.</summary>
    /// <param name="back">0 for the last step of each lane.</param>
    /// <returns>Tensors in the caller's scope, of the first lanes.</returns>
    RecordedStep Step(int back);
}
