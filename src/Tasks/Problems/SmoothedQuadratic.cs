using System.Numerics;
using Involute.Tasks.Numbers;
using Involute.Tasks.Tangents;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.Problems;

/// <summary>
/// f(x) = Σ ½ hᵢ xᵢ² by gradient descent with the learning rate theta (or e^theta), loss after the step. The gradient
/// of its smoothed loss is known in closed form, for every estimator.
/// </summary>
public sealed class SmoothedQuadratic<T>(double[] curvature, double[] start, double theta0, bool logarithmic = false)
    : IPackedStep<T>
    where T : struct, IFloatingPointIeee754<T>
{
    private readonly T[] _curvature = Array.ConvertAll(curvature, T.CreateChecked);
    private readonly T[] _start = Array.ConvertAll(start, T.CreateChecked);

    /// <inheritdoc/>
    public string Name => "smoothed-quadratic";

    /// <inheritdoc/>
    public ThetaLayout Layout { get; } = new((logarithmic ? "log_lr" : "lr", []));

    /// <inheritdoc/>
    public int StateLength => _curvature.Length;

    /// <inheritdoc/>
    public void InitialTheta(long seed, Span<T> theta) => theta[0] = T.CreateChecked(theta0);

    /// <inheritdoc/>
    public void Initialise<TNumber>(ReadOnlySpan<TNumber> theta, Trajectory trajectory, Span<TNumber> state)
        where TNumber : struct, IStepNumber<TNumber, T>
    {
        for (var i = 0; i < state.Length; i++)
        {
            state[i] = TNumber.Constant(_start[i]);
        }
    }

    /// <inheritdoc/>
    public TNumber Step<TNumber>(ReadOnlySpan<TNumber> theta, LaneKeys<TNumber, T> keys, Span<TNumber> state)
        where TNumber : struct, ILaneNumber<TNumber, T>
    {
        var rate = logarithmic ? TNumber.Exp(theta[0]) : theta[0];
        var loss = TNumber.Constant(T.Zero);
        for (var i = 0; i < state.Length; i++)
        {
            state[i] -= rate * _curvature[i] * state[i];
            loss += state[i] * state[i] * _curvature[i];
        }

        return loss * (T.One / (T.One + T.One));
    }
}
