using Involute.Tasks;
using Involute.Tasks.Numbers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Tangents;
using Involute.Tasks.Unrolls;

namespace Involute.Gpu;

/// <summary>A step with every portable function and random numbers of both kinds, for a trial of a device. Its state stays bounded.</summary>
internal sealed class TrialStep : IPackedStep<float>
{
    /// <inheritdoc/>
    public string Name => "trial";

    /// <inheritdoc/>
    public ThetaLayout Layout { get; } = new(("log_rate", []), ("shift", []));

    /// <inheritdoc/>
    public int StateLength => 2;

    /// <inheritdoc/>
    public void InitialTheta(long seed, Span<float> theta) => (theta[0], theta[1]) = (-1, 0.5f);

    /// <inheritdoc/>
    public void Initialise<TNumber>(ReadOnlySpan<TNumber> theta, Trajectory trajectory, Span<TNumber> state)
        where TNumber : struct, IStepNumber<TNumber, float>
    {
        state[0] = theta[0];
        state[1] = TNumber.Constant((float)trajectory.Key.Stream(RandomStream.TaskSample).Normal(0));
    }

    /// <inheritdoc/>
    public TNumber Step<TNumber>(ReadOnlySpan<TNumber> theta, LaneKeys<TNumber, float> keys, Span<TNumber> state)
        where TNumber : struct, ILaneNumber<TNumber, float>
    {
        var (normal, uniform) = (keys.Normal(RandomStream.InnerNoise, 0), keys.Uniform(RandomStream.InnerNoise, 3));
        var wave = (TNumber.Sin(state[0] * (keys.InnerStep + 1)) * TNumber.Exp(theta[0])) - (TNumber.Cos(state[1] + normal) * uniform);
        var root = TNumber.Sqrt(TNumber.Abs(wave) + 0.1f) / (TNumber.Abs(state[1]) + 1);
        state[0] = TNumber.Tanh(wave + theta[1]) + normal;
        state[1] = TNumber.IfLess(wave, root, TNumber.Log(root), TNumber.Clamp(state[0], -1, 1)) - (state[1] * 0.5f);
        return (state[0] * state[0]) + (state[1] * state[1]);
    }
}
