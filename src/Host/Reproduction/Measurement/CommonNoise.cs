using Involute.Tasks;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Hosting.Reproduction.Measurement;

/// <summary>A problem with noise on each loss, which both arms of a pair share because it follows from the step's key.</summary>
internal sealed class CommonNoise(IStepFunction<double> inner, double scale) : IStepFunction<double>
{
    public string Name => inner.Name;

    public ThetaLayout Layout => inner.Layout;

    public int StateLength => inner.StateLength;

    public void InitialTheta(long seed, Span<double> theta) => inner.InitialTheta(seed, theta);

    public void Initialise(ReadOnlySpan<double> theta, Trajectory trajectory, Span<double> state) =>
        inner.Initialise(theta, trajectory, state);

    public double Step(ReadOnlySpan<double> theta, StepKey key, Span<double> state) =>
        inner.Step(theta, key, state) + (scale * key.Stream(RandomStream.InnerNoise).Normal(0));
}
