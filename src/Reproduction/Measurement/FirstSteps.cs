using Involute.Tasks;
using Involute.Tasks.Randomness;
using Involute.Tasks.Tangents;
using Involute.Tasks.Unrolls;

namespace Involute.Reproduction.Measurement;

/// <summary>
/// A problem that costs nothing after its first steps: for a trajectory that is not a whole number of windows.
/// </summary>
internal sealed class FirstSteps(IDifferentiableStep<double> inner, int steps) : IDifferentiableStep<double>
{
    /// <summary>The problem itself, if it costs something until the horizon.</summary>
    public static IDifferentiableStep<double> Of(IDifferentiableStep<double> inner, int steps, int horizon) =>
        steps == horizon ? inner : new FirstSteps(inner, steps);

    public string Name => inner.Name;

    public ThetaLayout Layout => inner.Layout;

    public int StateLength => inner.StateLength;

    public void InitialTheta(long seed, Span<double> theta) => inner.InitialTheta(seed, theta);

    public void Initialise<TNumber>(ReadOnlySpan<TNumber> theta, Trajectory trajectory, Span<TNumber> state)
        where TNumber : struct, IStepNumber<TNumber, double> =>
        inner.Initialise(theta, trajectory, state);

    public TNumber Step<TNumber>(ReadOnlySpan<TNumber> theta, StepKey key, Span<TNumber> state)
        where TNumber : struct, IStepNumber<TNumber, double> =>
        key.InnerStep < steps ? inner.Step(theta, key, state) : TNumber.Constant(0);
}
