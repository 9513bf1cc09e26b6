using static TorchSharp.torch;

namespace Involute.Torch.Optimizers;

/// <summary>
/// A learned optimizer's update as a function of tensors: many lanes side by side, each under a theta of its own.
/// </summary>
/// <remarks>
/// The same formula as the SIMD optimizer's, and the same layout of the state, so that either can go on from what the
/// other has left. Float32 or float64, on any device; nothing is changed in place, so autograd differentiates it by all
/// four arguments. Lane i of a result depends on lane i of the arguments alone. What is allocated is in the caller's
/// scope. Belongs to one thread at a time.
/// </remarks>
internal interface IStackedOptimizer
{
    /// <summary>Makes one update.</summary>
    /// <param name="theta">[lanes, length of theta]</param>
    /// <param name="parameters">[lanes, inner parameters], without padding.</param>
    /// <param name="state">
    /// [lanes, <see cref="Involute.Tasks.Optimizers.ILearnedOptimizer.StateLength"/>, padded to whole units].
    /// </param>
    /// <param name="gradient">As <paramref name="parameters"/>.</param>
    /// <returns>The next parameters and the next state, of the same shapes; padding is zero.</returns>
    (Tensor Parameters, Tensor State) Step(Tensor theta, Tensor parameters, Tensor state, Tensor gradient);
}
