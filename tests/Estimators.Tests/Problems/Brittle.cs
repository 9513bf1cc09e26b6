using Involute.Tasks;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Tests.Problems;

/// <summary>
/// A walk whose start depends on theta, and which diverges now and then: an arm at a step whose draw lies below its
/// theta.
/// </summary>
/// <param name="length">Numbers of theta, at least 1.</param>
internal sealed class Brittle(int length) : IStepFunction<float>
{
    public string Name => "brittle";

    public ThetaLayout Layout { get; } = new(("x", [length]));

    public int StateLength => 2;

    public double CeilingLoss => 100;

    public void InitialTheta(long seed, Span<float> theta) => theta.Fill(0.05f);

    public void Initialise(ReadOnlySpan<float> theta, Trajectory trajectory, Span<float> state)
    {
        state[0] = theta[0] + (float)trajectory.Key.Stream(RandomStream.ParameterInitialisation).Normal(0);
        state[1] = trajectory.Horizon;
    }

    public float Step(ReadOnlySpan<float> theta, StepKey key, Span<float> state)
    {
        var draws = key.Stream(RandomStream.DataOrder);
        state[0] += (theta[^1] * state[1]) + (float)draws.Normal(0);
        return draws.Uniform(2) < 0.3 * theta[0] ? float.NaN : state[0] * state[0];
    }
}
