using System.Numerics;

namespace Involute.Tasks.Unrolls;

/// <summary>An inner problem made of a user's step function.</summary>
public sealed class StepProblem<T>(IStepFunction<T> step) : IInnerProblem<T>
    where T : struct, IFloatingPointIeee754<T>
{
    /// <summary>The step function.</summary>
    internal IStepFunction<T> Function => step;

    /// <inheritdoc/>
    public string Name => step.Name;

    /// <inheritdoc/>
    public ThetaLayout Layout => step.Layout;

    /// <inheritdoc/>
    public double CeilingLoss => step.CeilingLoss;

    /// <inheritdoc/>
    public void InitialTheta(long seed, Span<T> theta) => step.InitialTheta(seed, theta);

    /// <inheritdoc/>
    public double Normalize(double loss) => step.Normalize(loss);

    /// <inheritdoc/>
    public void Normalize(ReadOnlySpan<StepLoss> losses, Span<double> normalised) => step.Normalize(losses, normalised);

    /// <inheritdoc/>
    public IUnroll<T> CreateUnroll(int pairs, ArmSet arms) => step.CreateUnroll(pairs, arms);

    /// <inheritdoc/>
    public bool OffersTangents => step.OffersTangents;

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The step function is no <c>IDifferentiableStep</c>.</exception>
    public ITangentUnroll<T> CreateTangentUnroll(int pairs, ArmSet arms) => step.CreateTangentUnroll(pairs, arms);
}
