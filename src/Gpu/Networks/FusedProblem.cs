using Involute.Gpu.Driver;
using Involute.Tasks;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Unrolls;

namespace Involute.Gpu.Networks;

/// <summary>An optimizer on an image task, whose unrolls live on a device; the rest is as the CPU's problem has it.</summary>
internal sealed class FusedProblem : IInnerProblem<float>
{
    private readonly Device _device;
    private readonly OptimizedTask _problem;
    private readonly NetworkShape _shape;

    private FusedProblem(Device device, OptimizedTask problem, NetworkShape shape) =>
        (_device, _problem, _shape) = (device, problem, shape);

    /// <summary>The problems that it takes, in a few words.</summary>
    public static string Computes => $"perceptrons on images by {DeviceRule.Allowed}";

    /// <inheritdoc/>
    public string Name => _problem.Name;

    /// <inheritdoc/>
    public ThetaLayout Layout => _problem.Layout;

    /// <inheritdoc/>
    public double CeilingLoss => _problem.CeilingLoss;

    /// <inheritdoc/>
    public string Arithmetic => _problem.Arithmetic;

    /// <inheritdoc/>
    public bool OffersAdjoints => _problem.OffersAdjoints;

    /// <summary>Which kernels unrolls use; tests choose.</summary>
    public LanePlacement Placement { get; init; }

    /// <inheritdoc/>
    public void InitialTheta(long seed, Span<float> theta) => _problem.InitialTheta(seed, theta);

    /// <inheritdoc/>
    public double Normalize(double loss) => _problem.Normalize(loss);

    /// <inheritdoc/>
    public void Normalize(ReadOnlySpan<StepLoss> losses, Span<double> normalised) => _problem.Normalize(losses, normalised);

    /// <inheritdoc/>
    public IUnroll<float> CreateUnroll(int pairs, ArmSet arms) => new FusedUnroll(_device, _problem, _shape, Placement, pairs, arms);

    /// <inheritdoc/>
    /// <remarks>On the CPU.</remarks>
    public IAdjointUnroll<float> CreateAdjointUnroll(int pairs, ArmSet arms) => _problem.CreateAdjointUnroll(pairs, arms);

    /// <summary>The problem on a device; null, and why, if it cannot be there.</summary>
    internal static FusedProblem? On(Device device, OptimizedTask problem, LanePlacement placement, out string refusal) =>
        NetworkShape.Of(problem, out refusal) is { } shape ? new FusedProblem(device, problem, shape) { Placement = placement } : null;

    /// <summary>The same, of any problem; no refusal where it is of another kind.</summary>
    internal static IInnerProblem<float>? On(Device device, IInnerProblem<float> problem, out string refusal)
    {
        refusal = "";
        return problem is OptimizedTask optimized ? On(device, optimized, LanePlacement.ByLanes, out refusal) : null;
    }
}
