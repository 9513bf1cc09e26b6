using Involute.Tasks;
using Involute.Tasks.Numbers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Tangents;
using Involute.Tasks.Unrolls;

namespace Involute.Gpu.Tests.Steps;

/// <summary>
/// A pole on a cart that is held upright by a force, linear in the state and bounded; gusts push the pole. The loss grows with the
/// angle and the way; a pole that has fallen stays where it lies.
/// </summary>
/// <remarks>Barto, Sutton, Anderson, "Neuronlike adaptive elements that can solve difficult learning control problems", 1983.</remarks>
internal sealed class CartPole : IPackedStep<float>
{
    private const float Gravity = 9.8f, MassOfPole = 0.1f, Mass = 1.1f, HalfLength = 0.5f, TimeStep = 0.02f, Fallen = 0.6f;
    private const int Place = 0, Speed = 1, Angle = 2, Turn = 3;

    public string Name => "cart-pole";

    public ThetaLayout Layout { get; } = new(("gains", [4]), ("log_force", []));

    public int StateLength => 4;

    public void InitialTheta(long seed, Span<float> theta) => new float[] { 0.1f, 0.2f, 3, 0.6f, 2 }.CopyTo(theta);

    public void Initialise<TNumber>(ReadOnlySpan<TNumber> theta, Trajectory trajectory, Span<TNumber> state)
        where TNumber : struct, IStepNumber<TNumber, float>
    {
        for (var i = 0; i < state.Length; i++)
        {
            state[i] = TNumber.Constant((float)(0.05 * trajectory.Key.Stream(RandomStream.TaskSample).Normal((uint)i)));
        }
    }

    public TNumber Step<TNumber>(ReadOnlySpan<TNumber> theta, LaneKeys<TNumber, float> keys, Span<TNumber> state)
        where TNumber : struct, ILaneNumber<TNumber, float>
    {
        var wish = theta[0] * state[0];
        for (var i = 1; i < state.Length; i++)
        {
            wish += theta[i] * state[i];
        }

        var gust = keys.Normal(RandomStream.InnerNoise, 0) * 0.2f;
        var force = TNumber.Exp(theta[4]) * TNumber.Tanh(wish);
        var (sin, cos) = (TNumber.Sin(state[Angle]), TNumber.Cos(state[Angle]));
        var pull = (force + (state[Turn] * state[Turn] * sin * (MassOfPole * HalfLength))) / TNumber.Constant(Mass);
        var inertia = TNumber.Constant(HalfLength * 4 / 3) - (cos * cos * (MassOfPole * HalfLength / Mass));
        var turning = ((sin * Gravity) - (cos * pull) + gust) / inertia;
        var pushing = pull - (turning * cos * (MassOfPole * HalfLength / Mass));

        // One that lies does not move on.
        var zero = TNumber.Constant(0);
        var step = TNumber.IfLess(TNumber.Abs(state[Angle]), TNumber.Constant(Fallen), TNumber.Constant(TimeStep), zero);
        state[Place] += state[Speed] * step;
        state[Speed] += pushing * step;
        state[Angle] += state[Turn] * step;
        state[Turn] += turning * step;
        return (state[Angle] * state[Angle]) + (state[Place] * state[Place] * 0.1f);
    }
}
