using System.Numerics;
using System.Runtime.InteropServices;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.Tangents;

/// <summary>
/// A step function that is written once for plain numbers and for numbers that carry a derivative. Estimators that
/// differentiate the unroll (TruncatedGrad, RTRL, FullGrad, PES with analytic part) need it; all others run it as it
/// is.
/// </summary>
/// <typeparam name="T">Number type of theta and of the state.</typeparam>
public interface IDifferentiableStep<T> : IStepFunction<T>
    where T : struct, IFloatingPointIeee754<T>
{
    /// <summary>Fills the state at the start of a trajectory; see <see cref="IStepFunction{T}.Initialise"/>.</summary>
    void Initialise<TNumber>(ReadOnlySpan<TNumber> theta, Trajectory trajectory, Span<TNumber> state)
        where TNumber : struct, IStepNumber<TNumber, T>;

    /// <summary>Advances the state by one step; see <see cref="IStepFunction{T}.Step"/>.</summary>
    TNumber Step<TNumber>(ReadOnlySpan<TNumber> theta, StepKey key, Span<TNumber> state)
        where TNumber : struct, IStepNumber<TNumber, T>;

    /// <summary>Derivative of <see cref="IStepFunction{T}.Normalize(double)"/> at a raw loss.</summary>
    double NormalizeSlope(double loss) => Math.Abs(loss) < CeilingLoss ? 1 : 0;

    /// <inheritdoc/>
    bool IStepFunction<T>.OffersTangents => true;

    /// <inheritdoc/>
    ITangentUnroll<T> IStepFunction<T>.CreateTangentUnroll(int pairs, ArmSet arms) =>
        new TangentStepUnroll<T>(this, pairs, arms);

    /// <inheritdoc/>
    void IStepFunction<T>.Initialise(ReadOnlySpan<T> theta, Trajectory trajectory, Span<T> state) =>
        Initialise(MemoryMarshal.Cast<T, Real<T>>(theta), trajectory, MemoryMarshal.Cast<T, Real<T>>(state));

    /// <inheritdoc/>
    T IStepFunction<T>.Step(ReadOnlySpan<T> theta, StepKey key, Span<T> state) =>
        Step(MemoryMarshal.Cast<T, Real<T>>(theta), key, MemoryMarshal.Cast<T, Real<T>>(state)).Value;
}
