using Involute.Tasks.Numbers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Tangents;

namespace Involute.Gpu.Steps;

/// <summary>
/// Works out what a step asks <see cref="LaneKeys{TNumber, T}.Of"/> for: the step runs on numbers that are nothing, and each
/// function is called where the step calls it, as on the CPU (what it has captured may be another thing later).
/// </summary>
internal sealed class TableKeys(IPackedStep<float> step, int tables) : ILaneSource<Nothing, float>
{
    private readonly Nothing[] _theta = new Nothing[step.Layout.Length];
    private readonly Nothing[] _state = new Nothing[step.StateLength];
    private readonly float[] _values = new float[tables];
    private StepKey _key;
    private int _next;

    /// <inheritdoc/>
    public Nothing InnerStep => default;

    /// <summary>The numbers of one step, in the order of the calls.</summary>
    public ReadOnlySpan<float> At(StepKey key)
    {
        (_key, _next) = (key, 0);
        step.Step(_theta, new LaneKeys<Nothing, float>(this), _state.AsSpan());
        return _values;
    }

    /// <inheritdoc/>
    public Nothing Normal(RandomStream stream, uint index) => default;

    /// <inheritdoc/>
    public Nothing Uniform(RandomStream stream, uint index) => default;

    /// <inheritdoc/>
    public Nothing Of(Func<StepKey, float> value)
    {
        _values[_next++] = value(_key);
        return default;
    }
}
