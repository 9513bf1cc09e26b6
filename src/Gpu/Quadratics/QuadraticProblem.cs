using Involute.Gpu.Driver;
using Involute.Gpu.Problems;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Unrolls;

namespace Involute.Gpu.Quadratics;

/// <summary>A quadratic, or a family of them, by an element-wise optimizer; the unrolls live on a device.</summary>
internal sealed class QuadraticProblem : DeviceProblem
{
    private QuadraticProblem(Device device, OptimizedTask problem, QuadraticRule rule)
        : base(device, problem) => (Problem, Rule) = (problem, rule);

    /// <summary>The problem as the CPU computes it.</summary>
    public OptimizedTask Problem { get; }

    /// <summary>The optimizer.</summary>
    public QuadraticRule Rule { get; }

    /// <summary>Whether each trajectory draws a centre.</summary>
    public bool DrawsCentre => Problem.Task is FixedDimQuadraticFamily;

    /// <summary>See <see cref="ToDevice"/>.</summary>
    public static IInnerProblem<float>? On(Device device, IInnerProblem<float> problem, out string refusal)
    {
        refusal = "";
        if (problem is not OptimizedTask { Task: QuadraticTask or FixedDimQuadraticFamily } quadratic)
        {
            return null;
        }

        if (QuadraticRule.Of(quadratic.Optimizer) is { } rule)
        {
            return new QuadraticProblem(device, quadratic, rule);
        }

        refusal = $"a device computes quadratics by {QuadraticRule.Names}, not by {quadratic.Optimizer.Name}";
        return null;
    }

    /// <inheritdoc/>
    public override IUnroll<float> CreateUnroll(int pairs, ArmSet arms) => new DeviceQuadraticUnroll(this, pairs, arms);
}
