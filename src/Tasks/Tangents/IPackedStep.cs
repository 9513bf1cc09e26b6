using System.Numerics;
using Involute.Tasks.Numbers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.Tangents;

/// <summary>
/// A step function that is written once for plain numbers, for numbers that carry a derivative, and for the numbers of several
/// lanes side by side. Blocks of several pairs run it on vectors, with the bits of plain numbers.
/// </summary>
/// <remarks>
/// Other than in an <see cref="IDifferentiableStep{T}"/>, a number has no value to look at: in place of a branch stands <see
/// cref="ILaneNumber{TSelf, T}.IfLess"/>, and what is random comes from <see cref="LaneKeys{TNumber, T}"/>.
/// So a step is the same operations in each call, and a device (Involute.Gpu) can be told them: it calls the step twice on numbers
/// without values and writes down what it does. Loops and conditions on what the step function itself holds are unrolled and decided
/// then; what changes from call to call (a counter, a key that was looked at) is refused there, and is wrong on the CPU too.
/// </remarks>
/// <typeparam name="T">Number type of theta and of the state.</typeparam>
public interface IPackedStep<T> : IDifferentiableStep<T>
    where T : struct, IFloatingPointIeee754<T>
{
    /// <summary>Advances the state by one step; see <see cref="IStepFunction{T}.Step"/>.</summary>
    /// <returns>The step's loss.</returns>
    TNumber Step<TNumber>(ReadOnlySpan<TNumber> theta, LaneKeys<TNumber, T> keys, Span<TNumber> state)
        where TNumber : struct, ILaneNumber<TNumber, T>;

    /// <inheritdoc/>
    TNumber IDifferentiableStep<T>.Step<TNumber>(ReadOnlySpan<TNumber> theta, StepKey key, Span<TNumber> state) =>
        Step(theta, new LaneKeys<TNumber, T>(key), state);

    /// <inheritdoc/>
    IUnroll<T> IStepFunction<T>.CreateUnroll(int pairs, ArmSet arms) => PackedStepUnroll<T>.Gains(pairs, arms)
        ? new PackedStepUnroll<T>(this, pairs, arms)
        : new StepUnroll<T>(this, pairs, arms);
}
