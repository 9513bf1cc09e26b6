using System.Numerics;
using Involute.Tasks.Numbers;
using Involute.Tasks.Tangents;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.Problems;

/// <summary>
/// Gradient descent on <see cref="RuggedFunction{T}"/>, whose learning rate goes from e^θ₀ to e^θ₁ in a straight line;
/// loss after the step. Short unrolls see only the first wiggles.
/// </summary>
/// <remarks>Vicol, Metz, Sohl-Dickstein, PES, 2021, section 5.</remarks>
public sealed class ToyRegression2D<T>(
    int horizon = 100, double x0 = 1, double x1 = 1, double target = 100, double theta0 = -4, double theta1 = -4)
    : IPackedStep<T>
    where T : struct, IFloatingPointIeee754<T>
{
    private readonly RuggedFunction<T> _function = new(target);
    private readonly T _horizon = T.CreateChecked(horizon);

    /// <inheritdoc/>
    public string Name => "toy-2d";

    /// <inheritdoc/>
    public ThetaLayout Layout { get; } = new(("log_lr", [2]));

    /// <inheritdoc/>
    public int StateLength => 2;

    /// <inheritdoc/>
    public void InitialTheta(long seed, Span<T> theta) =>
        (theta[0], theta[1]) = (T.CreateChecked(theta0), T.CreateChecked(theta1));

    /// <inheritdoc/>
    public void Initialise<TNumber>(ReadOnlySpan<TNumber> theta, Trajectory trajectory, Span<TNumber> state)
        where TNumber : struct, IStepNumber<TNumber, T> =>
        (state[0], state[1]) = (TNumber.Constant(T.CreateChecked(x0)), TNumber.Constant(T.CreateChecked(x1)));

    /// <inheritdoc/>
    public TNumber Step<TNumber>(ReadOnlySpan<TNumber> theta, LaneKeys<TNumber, T> keys, Span<TNumber> state)
        where TNumber : struct, ILaneNumber<TNumber, T>
    {
        var share = keys.InnerStep / TNumber.Constant(_horizon);
        var rate = (TNumber.Exp(theta[0]) * (TNumber.Constant(T.One) - share)) + (TNumber.Exp(theta[1]) * share);
        var (byX, byY) = _function.Gradient(state[0], state[1]);
        state[0] -= rate * byX;
        state[1] -= rate * byY;
        return _function.Value(state[0], state[1]);
    }
}
