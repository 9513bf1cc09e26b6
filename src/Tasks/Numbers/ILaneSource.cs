using System.Numerics;
using Involute.Tasks.Randomness;

namespace Involute.Tasks.Numbers;

/// <summary>Where <see cref="LaneKeys{TNumber, T}"/> come from that are neither one lane's nor several lanes': a step that
/// is not run but written down, for instance.</summary>
/// <typeparam name="TNumber">The step's numbers.</typeparam>
/// <typeparam name="T">The floating-point type behind them.</typeparam>
internal interface ILaneSource<TNumber, T>
    where TNumber : struct, ILaneNumber<TNumber, T>
    where T : struct, IFloatingPointIeee754<T>
{
    /// <summary>See <see cref="LaneKeys{TNumber, T}.InnerStep"/>.</summary>
    TNumber InnerStep { get; }

    /// <summary>See <see cref="LaneKeys{TNumber, T}.Normal"/>.</summary>
    TNumber Normal(RandomStream stream, uint index);

    /// <summary>See <see cref="LaneKeys{TNumber, T}.Uniform"/>.</summary>
    TNumber Uniform(RandomStream stream, uint index);

    /// <summary>See <see cref="LaneKeys{TNumber, T}.Of"/>.</summary>
    TNumber Of(Func<StepKey, T> value);
}
