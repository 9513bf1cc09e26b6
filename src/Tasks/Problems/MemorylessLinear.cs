using System.Numerics;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.Problems;

/// <summary>
/// Loss cₜ · θ at step t, with no state: what an estimator's variance is made of when steps do not interact.
/// </summary>
/// <remarks>The cₜ are unit vectors: all the same, or (orthonormal) the t-th basis vector.</remarks>
public sealed class MemorylessLinear<T>(int dimension, bool orthonormal) : IStepFunction<T>
    where T : struct, IFloatingPointIeee754<T>
{
    private readonly T _component = T.One / T.Sqrt(T.CreateChecked(dimension));

    /// <inheritdoc/>
    public string Name => "memoryless-linear";

    /// <inheritdoc/>
    public ThetaLayout Layout { get; } = new(("theta", [dimension]));

    /// <inheritdoc/>
    public int StateLength => 0;

    /// <inheritdoc/>
    public void InitialTheta(long seed, Span<T> theta) => theta.Clear();

    /// <inheritdoc/>
    public void Initialise(ReadOnlySpan<T> theta, Trajectory trajectory, Span<T> state)
    {
        // Nothing to remember.
    }

    /// <inheritdoc/>
    public T Step(ReadOnlySpan<T> theta, StepKey key, Span<T> state)
    {
        if (orthonormal)
        {
            return theta[(int)(key.InnerStep % (uint)dimension)];
        }

        var loss = T.Zero;
        foreach (var value in theta)
        {
            loss += _component * value;
        }

        return loss;
    }
}
