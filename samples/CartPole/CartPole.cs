using Involute.Tasks;
using Involute.Tasks.Numbers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Tangents;
using Involute.Tasks.Unrolls;

namespace Balancing;

/// <summary>
/// A pole on a cart that is to be held upright by a force on the cart, which is linear in the state and bounded; gusts push the pole.
/// Theta is the controller: a gain for each number of the state, and the logarithm of the largest force.
/// </summary>
/// <remarks>Barto, Sutton, Anderson, "Neuronlike adaptive elements that can solve difficult learning control problems", 1983.</remarks>
public sealed class CartPole(float gusts) : IPackedStep<float>
{
    // Metres, kilograms, seconds and radians; a pole that leans further than Fallen stays where it lies.
    private const float Gravity = 9.8f, MassOfPole = 0.1f, Mass = 1.1f, HalfLength = 0.5f, TimeStep = 0.02f, Fallen = 0.6f;

    // Names of the state's values.
    private const int Place = 0, Speed = 1, Angle = 2, Turn = 3;

    public string Name => "cart-pole";

    public ThetaLayout Layout { get; } = new(("gains", [4]), ("log_force", []));

    public int StateLength => 4;

    public double CeilingLoss => 10;

    // A controller that only looks at the angle, and holds no pole for long.
    public void InitialTheta(long seed, Span<float> theta)
    {
        theta.Clear();
        theta[Angle] = 1;
        theta[^1] = 2;
    }

    // An episode: the cart stands still in the middle, the pole nearly upright. All that is random follows from the key.
    public void Initialise<TNumber>(ReadOnlySpan<TNumber> theta, Trajectory trajectory, Span<TNumber> state)
        where TNumber : struct, IStepNumber<TNumber, float>
    {
        var numbers = trajectory.Key.Stream(RandomStream.TaskSample);
        for (var i = 0; i < state.Length; i++)
        {
            state[i] = TNumber.Constant((float)(0.05 * numbers.Normal((uint)i)));
        }
    }

    // A fiftieth of a second. The loss grows with the angle and with the way from the middle.
    public TNumber Step<TNumber>(ReadOnlySpan<TNumber> theta, LaneKeys<TNumber, float> keys, Span<TNumber> state)
        where TNumber : struct, ILaneNumber<TNumber, float>
    {
        var wish = theta[0] * state[0];
        for (var i = 1; i < state.Length; i++)
        {
            wish += theta[i] * state[i];
        }

        var gust = keys.Normal(RandomStream.InnerNoise, 0) * gusts;
        var force = TNumber.Exp(theta[4]) * TNumber.Tanh(wish);
        var (sin, cos) = (TNumber.Sin(state[Angle]), TNumber.Cos(state[Angle]));
        var pull = (force + (state[Turn] * state[Turn] * sin * (MassOfPole * HalfLength))) / TNumber.Constant(Mass);
        var inertia = TNumber.Constant(HalfLength * 4 / 3) - (cos * cos * (MassOfPole * HalfLength / Mass));
        var turning = ((sin * Gravity) - (cos * pull) + gust) / inertia;
        var pushing = pull - (turning * cos * (MassOfPole * HalfLength / Mass));

        // No branch on a number: a pole that lies has no time.
        var zero = TNumber.Constant(0);
        var step = TNumber.IfLess(TNumber.Abs(state[Angle]), TNumber.Constant(Fallen), TNumber.Constant(TimeStep), zero);
        state[Place] += state[Speed] * step;
        state[Speed] += pushing * step;
        state[Angle] += state[Turn] * step;
        state[Turn] += turning * step;
        return (state[Angle] * state[Angle]) + (state[Place] * state[Place] * 0.1f);
    }
}
