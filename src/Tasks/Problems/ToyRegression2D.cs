using System.Numerics;
using Involute.Tasks.Numerics;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.Problems;

/// <summary>
/// f(x) = √(x₀² + 5) − √5 + sin²(x₁) e^(−5 x₀²) + ¼ |x₁ − target| by gradient descent, whose learning rate goes from
/// e^θ₀ to e^θ₁ in a straight line; loss after the step.
/// </summary>
/// <remarks>Vicol, Metz, Sohl-Dickstein, PES, 2021, section 5; short unrolls see only the first wiggles.</remarks>
public sealed class ToyRegression2D<T>(
    int horizon = 100, double x0 = 1, double x1 = 1, double target = 100, double theta0 = -4, double theta1 = -4)
    : IStepFunction<T>
    where T : struct, IFloatingPointIeee754<T>
{
    private static readonly T Five = T.CreateChecked(5);
    private static readonly T RootOfFive = T.Sqrt(Five);
    private static readonly T Slope = T.CreateChecked(0.25);

    private readonly T _horizon = T.CreateChecked(horizon);
    private readonly T _target = T.CreateChecked(target);

    /// <inheritdoc/>
    public string Name => "toy-2d";

    /// <inheritdoc/>
    public ThetaLayout Layout { get; } = new(("log_lr", [2]));

    /// <inheritdoc/>
    public int StateLength => 2;

    /// <inheritdoc/>
    public void InitialTheta(long seed, Span<T> theta) => (theta[0], theta[1]) = (T.CreateChecked(theta0), T.CreateChecked(theta1));

    /// <inheritdoc/>
    public void Initialise(ReadOnlySpan<T> theta, Trajectory trajectory, Span<T> state) =>
        (state[0], state[1]) = (T.CreateChecked(x0), T.CreateChecked(x1));

    /// <inheritdoc/>
    public T Step(ReadOnlySpan<T> theta, StepKey key, Span<T> state)
    {
        var share = T.CreateChecked(key.InnerStep) / _horizon;
        var rate = (PortableMath.Exp(theta[0]) * (T.One - share)) + (PortableMath.Exp(theta[1]) * share);
        var (sin, hill) = (PortableMath.Sin(state[1]), PortableMath.Exp(-Five * state[0] * state[0]));
        var slope0 = (state[0] / T.Sqrt((state[0] * state[0]) + Five)) - ((Five + Five) * state[0] * sin * sin * hill);
        var slope1 = ((T.One + T.One) * sin * PortableMath.Cos(state[1]) * hill) + (state[1] < _target ? -Slope : Slope);
        state[0] -= rate * slope0;
        state[1] -= rate * slope1;
        return Value(state[0], state[1]);
    }

    /// <summary>f at a point.</summary>
    public T Value(T first, T second)
    {
        var sin = PortableMath.Sin(second);
        var hill = sin * sin * PortableMath.Exp(-Five * first * first);
        return T.Sqrt((first * first) + Five) - RootOfFive + hill + (Slope * T.Abs(second - _target));
    }
}
