using System.Numerics;
using Involute.Tasks.Randomness;

namespace Involute.Tasks.Numbers;

/// <summary>
/// What a step that runs on several lanes at once knows of each lane's step: its number, and what is random in it. Lanes of one
/// pair share it, those of other pairs have other numbers.
/// </summary>
/// <typeparam name="TNumber">The step's numbers.</typeparam>
/// <typeparam name="T">The floating-point type behind them.</typeparam>
public readonly ref struct LaneKeys<TNumber, T>
    where TNumber : struct, ILaneNumber<TNumber, T>
    where T : struct, IFloatingPointIeee754<T>
{
    private readonly StepKey _single;

    // Null: one key. Else PackedKeys<T>, or an ILaneSource.
    private readonly object? _source;

    /// <summary>All lanes take the same step.</summary>
    public LaneKeys(StepKey key) => _single = key;

    internal LaneKeys(PackedKeys<T> keys) => _source = keys;

    internal LaneKeys(ILaneSource<TNumber, T> source) => _source = source;

    /// <summary>Steps since the trajectory's true start.</summary>
    public TNumber InnerStep => _source is null or PackedKeys<T>
        ? Of(static key => T.CreateChecked(key.InnerStep))
        : Source.InnerStep;

    /// <summary>The i-th standard normal number of a stream: <c>key.Stream(stream).Normal(index)</c>, rounded once.</summary>
    public TNumber Normal(RandomStream stream, uint index) => _source is null
        ? TNumber.Constant(T.CreateTruncating(_single.Stream(stream).Normal(index)))
        : _source is PackedKeys<T> packed
            ? TNumber.OfLanes(packed.Normal(stream, index))
            : Source.Normal(stream, index);

    /// <summary>The i-th uniform number of a stream, strictly between 0 and 1, rounded once.</summary>
    public TNumber Uniform(RandomStream stream, uint index) => _source is null
        ? TNumber.Constant(T.CreateTruncating(_single.Stream(stream).Uniform(index)))
        : _source is PackedKeys<T> packed
            ? TNumber.OfLanes(packed.Uniform(stream, index))
            : Source.Uniform(stream, index);

    private ILaneSource<TNumber, T> Source => (ILaneSource<TNumber, T>)_source!;

    /// <summary>Any number that follows from a key alone: of a table, for instance. Once for each pair.</summary>
    public TNumber Of(Func<StepKey, T> value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return _source is null ? TNumber.Constant(value(_single))
            : _source is PackedKeys<T> packed ? TNumber.OfLanes(packed.Of(value))
            : Source.Of(value);
    }
}
