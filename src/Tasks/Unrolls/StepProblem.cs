using System.Numerics;

namespace Involute.Tasks.Unrolls;

/// <summary>An inner problem made of a user's step function.</summary>
public sealed class StepProblem<T>(IStepFunction<T> step) : IInnerProblem<T>
    where T : struct, IFloatingPointIeee754<T>
{
    // A window has thousands of losses, and most step functions keep the interface's own normalizer: those are not asked for each.
    private readonly bool _clips = !HasNormalizer(step.GetType());

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
    public void Normalize(ReadOnlySpan<StepLoss> losses, Span<double> normalised)
    {
        if (_clips)
        {
            Losses.Clip(losses, step.CeilingLoss, normalised);
        }
        else
        {
            step.Normalize(losses, normalised);
        }
    }

    /// <inheritdoc/>
    public IUnroll<T> CreateUnroll(int pairs, ArmSet arms) => step.CreateUnroll(pairs, arms);

    /// <inheritdoc/>
    public bool OffersTangents => step.OffersTangents;

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The step function is no <c>IDifferentiableStep</c>.</exception>
    public ITangentUnroll<T> CreateTangentUnroll(int pairs, ArmSet arms) => step.CreateTangentUnroll(pairs, arms);

    private static bool HasNormalizer(Type type)
    {
        var map = type.GetInterfaceMap(typeof(IStepFunction<T>));
        return map.InterfaceMethods.Zip(map.TargetMethods).Any(
            pair => pair.First.Name == nameof(IStepFunction<T>.Normalize) && pair.Second.DeclaringType != typeof(IStepFunction<T>));
    }
}
