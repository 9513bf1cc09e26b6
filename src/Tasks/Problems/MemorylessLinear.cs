using System.Numerics;
using Involute.Tasks.Numbers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Tangents;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.Problems;

/// <summary>
/// Loss cₜ · θ at step t, with no state: what an estimator's variance is made of when steps do not interact.
/// </summary>
/// <remarks>
/// The cₜ are unit vectors: all the same, or (orthonormal) the t-th basis vector. The CPU runs it on plain numbers: theta may be
/// very long, and a step looks at it once.
/// </remarks>
public sealed class MemorylessLinear<T>(int dimension, bool orthonormal) : IPackedStep<T>
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
    public void Initialise<TNumber>(ReadOnlySpan<TNumber> theta, Trajectory trajectory, Span<TNumber> state)
        where TNumber : struct, IStepNumber<TNumber, T>
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

    /// <inheritdoc/>
    public TNumber Step<TNumber>(ReadOnlySpan<TNumber> theta, LaneKeys<TNumber, T> keys, Span<TNumber> state)
        where TNumber : struct, ILaneNumber<TNumber, T>
    {
        if (!orthonormal)
        {
            var loss = TNumber.Constant(T.Zero);
            foreach (var value in theta)
            {
                loss += value * _component;
            }

            return loss;
        }

        // The last element that stands before the step's or is it.
        var step = keys.Of(key => T.CreateChecked(key.InnerStep % (uint)dimension));
        var chosen = theta[0];
        for (var i = 1; i < theta.Length; i++)
        {
            chosen = TNumber.IfLess(step, TNumber.Constant(T.CreateChecked(i)), chosen, theta[i]);
        }

        return chosen;
    }

    /// <inheritdoc/>
    IUnroll<T> IStepFunction<T>.CreateUnroll(int pairs, ArmSet arms) => new StepUnroll<T>(this, pairs, arms);
}
