using Involute.Tasks;
using Involute.Tasks.Randomness;
using Involute.Tasks.Tangents;
using Involute.Tasks.Unrolls;

namespace Involute.Hosting.Reproduction.Measurement;

/// <summary>A problem with noise on each loss, which both arms of a pair share because it follows from the step's key.</summary>
internal sealed class CommonNoise(IDifferentiableStep<double> inner, double scale) : IDifferentiableStep<double>
{
    public string Name => inner.Name;

    public ThetaLayout Layout => inner.Layout;

    public int StateLength => inner.StateLength;

    public void InitialTheta(long seed, Span<double> theta) => inner.InitialTheta(seed, theta);

    public void Initialise<TNumber>(ReadOnlySpan<TNumber> theta, Trajectory trajectory, Span<TNumber> state)
        where TNumber : struct, IStepNumber<TNumber, double> =>
        inner.Initialise(theta, trajectory, state);

    public TNumber Step<TNumber>(ReadOnlySpan<TNumber> theta, StepKey key, Span<TNumber> state)
        where TNumber : struct, IStepNumber<TNumber, double> =>
        inner.Step(theta, key, state) + (scale * key.Stream(RandomStream.InnerNoise).Normal(0));
}
