using Involute.Tasks;
using Involute.Tasks.Numbers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Tangents;
using Involute.Tasks.Unrolls;

namespace YourOwnProblem;

/// <summary>
/// A room that is to be kept at 20 °C by a PI controller with a noisy thermometer, against weather that changes. Theta
/// is the logarithm of the two gains.
/// </summary>
public sealed class Thermostat(float noise) : IPackedStep<float>
{
    private const float Target = 20;

    // Names of the state's values; a lane is a plain array of them.
    private const int Room = 0, Outside = 1, Integral = 2;

    public string Name => "thermostat";

    public ThetaLayout Layout { get; } = new(("log_proportional", []), ("log_integral", []));

    public int StateLength => 3;

    public double CeilingLoss => 1000;

    public void InitialTheta(long seed, Span<float> theta)
    {
        theta[0] = -3;
        theta[1] = -5;
    }

    // A new day: everything random follows from the trajectory's key, so both arms of a pair see the same day.
    public void Initialise<TNumber>(ReadOnlySpan<TNumber> theta, Trajectory trajectory, Span<TNumber> state)
        where TNumber : struct, IStepNumber<TNumber, float>
    {
        var numbers = trajectory.Key.Stream(RandomStream.TaskSample);
        state[Room] = TNumber.Constant((float)(Target + (3 * numbers.Normal(0))));
        state[Outside] = TNumber.Constant((float)(5 * numbers.Normal(1)));
        state[Integral] = TNumber.Constant(0);
    }

    // A minute: measure, heat, and let the weather do its part. The loss is what the comfort and the energy cost.
    public TNumber Step<TNumber>(ReadOnlySpan<TNumber> theta, LaneKeys<TNumber, float> keys, Span<TNumber> state)
        where TNumber : struct, ILaneNumber<TNumber, float>
    {
        var error = TNumber.Constant(Target) - state[Room] - (keys.Normal(RandomStream.InnerNoise, 0) * noise);
        state[Integral] = TNumber.Clamp(state[Integral] + error, -500, 500);
        var (proportional, integral) = (TNumber.Exp(theta[0]), TNumber.Exp(theta[1]));
        var heating = TNumber.Clamp((proportional * error) + (integral * state[Integral]), 0, 3);

        state[Outside] += keys.Normal(RandomStream.InnerNoise, 1) * 0.2f;
        state[Room] += heating - ((state[Room] - state[Outside]) * 0.05f);

        var distance = state[Room] - Target;
        return (distance * distance) + (heating * 0.1f);
    }
}
