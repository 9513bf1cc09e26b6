using Involute.Tasks;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Hosting.Reproduction.Measurement;

/// <summary>A problem that costs nothing after its first steps: a trajectory that is no whole number of windows.</summary>
internal sealed class FirstSteps(IStepFunction<double> inner, int steps) : IStepFunction<double>
{
    public string Name => inner.Name;

    public ThetaLayout Layout => inner.Layout;

    public int StateLength => inner.StateLength;

    public void InitialTheta(long seed, Span<double> theta) => inner.InitialTheta(seed, theta);

    public void Initialise(ReadOnlySpan<double> theta, Trajectory trajectory, Span<double> state) =>
        inner.Initialise(theta, trajectory, state);

    public double Step(ReadOnlySpan<double> theta, StepKey key, Span<double> state) =>
        key.InnerStep < steps ? inner.Step(theta, key, state) : 0;
}
