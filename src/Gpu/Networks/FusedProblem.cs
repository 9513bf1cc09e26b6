using Involute.Gpu.Driver;
using Involute.Gpu.Problems;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Unrolls;

namespace Involute.Gpu.Networks;

/// <summary>An optimizer on an image task, whose unrolls live on a device.</summary>
internal sealed class FusedProblem : DeviceProblem
{
    private readonly OptimizedTask _problem;
    private readonly NetworkShape _shape;

    private FusedProblem(Device device, OptimizedTask problem, NetworkShape shape)
        : base(device, problem) => (_problem, _shape) = (problem, shape);

    /// <summary>The problems that it takes, in a few words.</summary>
    public static string Computes => $"perceptrons on images by {DeviceRule.Allowed}";

    /// <summary>Which kernels unrolls use; tests choose.</summary>
    public LanePlacement Placement { get; init; }

    /// <inheritdoc/>
    public override IUnroll<float> CreateUnroll(int pairs, ArmSet arms) => new FusedUnroll(Device, _problem, _shape, Placement, pairs, arms);

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
