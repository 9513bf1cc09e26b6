using Involute.Gpu.Driver;
using Involute.Tasks;
using Involute.Tasks.Unrolls;

namespace Involute.Gpu.Problems;

/// <summary>A problem whose unrolls live on a device; all the rest, derivatives too, is as the CPU's problem has it.</summary>
/// <param name="device">Where its unrolls live.</param>
/// <param name="problem">The problem as the CPU computes it.</param>
internal abstract class DeviceProblem(Device device, IInnerProblem<float> problem) : IInnerProblem<float>
{
    /// <summary>Where its unrolls live.</summary>
    public Device Device => device;

    /// <inheritdoc/>
    public string Name => problem.Name;

    /// <inheritdoc/>
    public ThetaLayout Layout => problem.Layout;

    /// <inheritdoc/>
    public double CeilingLoss => problem.CeilingLoss;

    /// <inheritdoc/>
    public string Arithmetic => problem.Arithmetic;

    /// <inheritdoc/>
    public bool OffersTangents => problem.OffersTangents;

    /// <inheritdoc/>
    public bool OffersAdjoints => problem.OffersAdjoints;

    /// <inheritdoc/>
    public void InitialTheta(long seed, Span<float> theta) => problem.InitialTheta(seed, theta);

    /// <inheritdoc/>
    public double Normalize(double loss) => problem.Normalize(loss);

    /// <inheritdoc/>
    public void Normalize(ReadOnlySpan<StepLoss> losses, Span<double> normalised) => problem.Normalize(losses, normalised);

    /// <inheritdoc/>
    public abstract IUnroll<float> CreateUnroll(int pairs, ArmSet arms);

    /// <inheritdoc/>
    public ITangentUnroll<float> CreateTangentUnroll(int pairs, ArmSet arms) => problem.CreateTangentUnroll(pairs, arms);

    /// <inheritdoc/>
    public IAdjointUnroll<float> CreateAdjointUnroll(int pairs, ArmSet arms) => problem.CreateAdjointUnroll(pairs, arms);
}
