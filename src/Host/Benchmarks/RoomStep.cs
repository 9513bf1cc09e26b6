using Involute.Tasks;
using Involute.Tasks.Numbers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Tangents;
using Involute.Tasks.Unrolls;

namespace Involute.Host.Benchmarks;

/// <summary>
/// A room and its thermostat, as in docs/your-own-problem.md: what a user's step function is like. Two normal numbers, two
/// exponentials and some twenty other operations a step.
/// </summary>
internal sealed class RoomStep : IPackedStep<float>
{
    private const float Target = 20;
    private const int Room = 0, Outside = 1, Integral = 2;

    /// <inheritdoc/>
    public string Name => "room";

    /// <inheritdoc/>
    public ThetaLayout Layout { get; } = new(("log_proportional", []), ("log_integral", []));

    /// <inheritdoc/>
    public int StateLength => 3;

    /// <inheritdoc/>
    public double CeilingLoss => 1000;

    /// <inheritdoc/>
    public void InitialTheta(long seed, Span<float> theta) => (theta[0], theta[1]) = (-3, -5);

    /// <inheritdoc/>
    public void Initialise<TNumber>(ReadOnlySpan<TNumber> theta, Trajectory trajectory, Span<TNumber> state)
        where TNumber : struct, IStepNumber<TNumber, float>
    {
        var numbers = trajectory.Key.Stream(RandomStream.TaskSample);
        state[Room] = TNumber.Constant((float)(Target + (3 * numbers.Normal(0))));
        state[Outside] = TNumber.Constant((float)(5 * numbers.Normal(1)));
    }

    /// <inheritdoc/>
    public TNumber Step<TNumber>(ReadOnlySpan<TNumber> theta, LaneKeys<TNumber, float> keys, Span<TNumber> state)
        where TNumber : struct, ILaneNumber<TNumber, float>
    {
        var error = TNumber.Constant(Target) - state[Room] - (keys.Normal(RandomStream.InnerNoise, 0) * 0.5f);
        state[Integral] = TNumber.Clamp(state[Integral] + error, -500, 500);
        var (proportional, integral) = (TNumber.Exp(theta[0]), TNumber.Exp(theta[1]));
        var heating = TNumber.Clamp((proportional * error) + (integral * state[Integral]), 0, 3);

        state[Outside] += keys.Normal(RandomStream.InnerNoise, 1) * 0.2f;
        state[Room] += heating - ((state[Room] - state[Outside]) * 0.05f);

        var distance = state[Room] - Target;
        return (distance * distance) + (heating * 0.1f);
    }
}

/// <summary>A step function that does not say that it can be packed.</summary>
/// <param name="step">What it computes.</param>
internal sealed class PlainStep(IStepFunction<float> step) : IStepFunction<float>
{
    /// <inheritdoc/>
    public string Name => step.Name;

    /// <inheritdoc/>
    public ThetaLayout Layout => step.Layout;

    /// <inheritdoc/>
    public int StateLength => step.StateLength;

    /// <inheritdoc/>
    public double CeilingLoss => step.CeilingLoss;

    /// <inheritdoc/>
    public double Normalize(double loss) => step.Normalize(loss);

    /// <inheritdoc/>
    public void Normalize(ReadOnlySpan<StepLoss> losses, Span<double> normalised) => step.Normalize(losses, normalised);

    /// <inheritdoc/>
    public void InitialTheta(long seed, Span<float> theta) => step.InitialTheta(seed, theta);

    /// <inheritdoc/>
    public void Initialise(ReadOnlySpan<float> theta, Trajectory trajectory, Span<float> state) =>
        step.Initialise(theta, trajectory, state);

    /// <inheritdoc/>
    public float Step(ReadOnlySpan<float> theta, StepKey key, Span<float> state) => step.Step(theta, key, state);
}
