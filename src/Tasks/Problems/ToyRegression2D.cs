using System.Numerics;
using Involute.Tasks.Numerics;
using Involute.Tasks.Randomness;
using Involute.Tasks.Tangents;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.Problems;

/// <summary>
/// f(x) = √(x₀² + 5) − √5 + sin²(x₁) e^(−5 x₀²) + ¼ |x₁ − target| by gradient descent, whose learning rate goes from
/// e^θ₀ to e^θ₁ in a straight line; loss after the step.
/// </summary>
/// <remarks>Vicol, Metz, Sohl-Dickstein, PES, 2021, section 5; short unrolls see only the first wiggles.</remarks>
public sealed class ToyRegression2D<T>(
    int horizon = 100, double x0 = 1, double x1 = 1, double target = 100, double theta0 = -4, double theta1 = -4)
    : IDifferentiableStep<T>
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
    public void Initialise<TNumber>(ReadOnlySpan<TNumber> theta, Trajectory trajectory, Span<TNumber> state)
        where TNumber : struct, IStepNumber<TNumber, T> =>
        (state[0], state[1]) = (TNumber.Constant(T.CreateChecked(x0)), TNumber.Constant(T.CreateChecked(x1)));

    /// <inheritdoc/>
    public TNumber Step<TNumber>(ReadOnlySpan<TNumber> theta, StepKey key, Span<TNumber> state)
        where TNumber : struct, IStepNumber<TNumber, T>
    {
        var share = T.CreateChecked(key.InnerStep) / _horizon;
        var rate = (TNumber.Exp(theta[0]) * (T.One - share)) + (TNumber.Exp(theta[1]) * share);
        var (x, y) = (state[0], state[1]);
        var (sin, cos) = (Sin(y), TNumber.Chain(y, PortableMath.Cos(y.Value), -PortableMath.Sin(y.Value)));
        var hill = TNumber.Exp(x * x * -Five);
        var towards = TNumber.Constant(y.Value < _target ? -Slope : Slope);
        state[0] -= rate * ((x / TNumber.Sqrt((x * x) + Five)) - (x * sin * sin * hill * (Five + Five)));
        state[1] -= rate * ((sin * cos * hill * (T.One + T.One)) + towards);
        return Value(state[0], state[1]);
    }

    /// <summary>f at a point.</summary>
    public TNumber Value<TNumber>(TNumber x, TNumber y)
        where TNumber : struct, IStepNumber<TNumber, T>
    {
        var sin = Sin(y);
        var hill = sin * sin * TNumber.Exp(x * x * -Five);
        return TNumber.Sqrt((x * x) + Five) - RootOfFive + hill + (TNumber.Abs(y - _target) * Slope);
    }

    private static TNumber Sin<TNumber>(TNumber x)
        where TNumber : struct, IStepNumber<TNumber, T> =>
        TNumber.Chain(x, PortableMath.Sin(x.Value), PortableMath.Cos(x.Value));
}
