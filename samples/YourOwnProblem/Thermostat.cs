using Involute.Tasks;
using Involute.Tasks.Numerics;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace YourOwnProblem;

/// <summary>
/// A room that is to be kept at 20 °C by a PI controller with a noisy thermometer, against weather that changes. Theta
/// is the logarithm of the two gains.
/// </summary>
public sealed class Thermostat(float noise) : IStepFunction<float>
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
    public void Initialise(ReadOnlySpan<float> theta, Trajectory trajectory, Span<float> state)
    {
        var numbers = trajectory.Key.Stream(RandomStream.TaskSample);
        state[Room] = (float)(Target + (3 * numbers.Normal(0)));
        state[Outside] = (float)(5 * numbers.Normal(1));
        state[Integral] = 0;
    }

    // A minute: measure, heat, and let the weather do its part. The loss is what the comfort and the energy cost.
    public float Step(ReadOnlySpan<float> theta, StepKey key, Span<float> state)
    {
        var numbers = key.Stream(RandomStream.InnerNoise);
        var error = Target - state[Room] - (noise * (float)numbers.Normal(0));
        state[Integral] = Math.Clamp(state[Integral] + error, -500f, 500f);
        var (proportional, integral) = ((float)PortableMath.Exp(theta[0]), (float)PortableMath.Exp(theta[1]));
        var heating = Math.Clamp((proportional * error) + (integral * state[Integral]), 0f, 3f);

        state[Outside] += 0.2f * (float)numbers.Normal(1);
        state[Room] += heating - (0.05f * (state[Room] - state[Outside]));

        var distance = state[Room] - Target;
        return (distance * distance) + (0.1f * heating);
    }
}
