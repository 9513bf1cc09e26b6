using System.Numerics;
using Involute.Tasks.Randomness;
using Involute.Tasks.Tangents;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.Problems;

/// <summary>
/// A problem with normal noise on each loss. It follows from the step's key, so both arms of a pair share it, and it
/// must cancel in their difference.
/// </summary>
/// <param name="inner">The problem without noise.</param>
/// <param name="scale">Standard deviation of the noise.</param>
public sealed class CommonNoise<T>(IDifferentiableStep<T> inner, double scale) : IDifferentiableStep<T>
    where T : struct, IFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public string Name => inner.Name;

    /// <inheritdoc/>
    public ThetaLayout Layout => inner.Layout;

    /// <inheritdoc/>
    public int StateLength => inner.StateLength;

    /// <inheritdoc/>
    public void InitialTheta(long seed, Span<T> theta) => inner.InitialTheta(seed, theta);

    /// <inheritdoc/>
    public void Initialise<TNumber>(ReadOnlySpan<TNumber> theta, Trajectory trajectory, Span<TNumber> state)
        where TNumber : struct, IStepNumber<TNumber, T> =>
        inner.Initialise(theta, trajectory, state);

    /// <inheritdoc/>
    public TNumber Step<TNumber>(ReadOnlySpan<TNumber> theta, StepKey key, Span<TNumber> state)
        where TNumber : struct, IStepNumber<TNumber, T> =>
        inner.Step(theta, key, state) + T.CreateChecked(scale * key.Stream(RandomStream.InnerNoise).Normal(0));
}
