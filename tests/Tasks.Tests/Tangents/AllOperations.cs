using System.Numerics;
using Involute.Tasks.Numbers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Tangents;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.Tests.Tangents;

/// <summary>Every operation, random numbers of three kinds, and states that overflow under some thetas.</summary>
internal sealed class AllOperations<T> : IPackedStep<T>
    where T : struct, IFloatingPointIeee754<T>
{
    private static readonly T Tenth = T.CreateChecked(0.1);

    public string Name => "all-operations";

    public ThetaLayout Layout { get; } = new(("a", []), ("b", []));

    public int StateLength => 2;

    public void InitialTheta(long seed, Span<T> theta) => (theta[0], theta[1]) = (Tenth, -Tenth);

    public void Initialise<TNumber>(ReadOnlySpan<TNumber> theta, Trajectory trajectory, Span<TNumber> state)
        where TNumber : struct, IStepNumber<TNumber, T>
    {
        state[0] = theta[0];
        state[1] = TNumber.Constant(T.CreateChecked(trajectory.Key.Stream(RandomStream.TaskSample).Normal(0)));
    }

    public TNumber Step<TNumber>(ReadOnlySpan<TNumber> theta, LaneKeys<TNumber, T> keys, Span<TNumber> state)
        where TNumber : struct, ILaneNumber<TNumber, T>
    {
        var noise = keys.Normal(RandomStream.InnerNoise, 0) + keys.Normal(RandomStream.InnerNoise, 5)
            + (keys.Uniform(RandomStream.InnerNoise, 2) * keys.Uniform(RandomStream.TaskSample, 3));
        var age = keys.InnerStep * Tenth;
        var number = keys.Of(key => T.CreateChecked(key.Trajectory.Pair));
        var x = state[0] + (TNumber.Sin(age) * theta[0]) - (TNumber.Cos(state[1] * number) * theta[1]);
        var y = TNumber.Tanh(x) + TNumber.Clamp(noise, -T.One, T.One) - TNumber.Exp(theta[1]);
        var root = TNumber.Sqrt(TNumber.Abs(y) + Tenth) / (TNumber.Exp(-theta[0]) + Tenth);
        state[0] = TNumber.IfLess(x, y, root, x * theta[0]) + (-noise);
        state[1] = (TNumber.Log(root) + (state[1] * theta[0])) - Tenth;
        return (state[0] * state[0]) + (state[1] * state[1]);
    }
}
