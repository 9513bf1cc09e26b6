using Involute.Gpu.Driver;
using Involute.Gpu.Networks;
using Involute.Gpu.Problems;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Unrolls;

namespace Involute.Gpu.Quadratics;

/// <summary>A quadratic, or a family of them, by an optimizer; the unrolls live on a device.</summary>
internal sealed class QuadraticProblem : DeviceProblem
{
    private readonly Func<Device, OptimizedTask, int, IQuadraticLanes> _createLanes;

    private QuadraticProblem(Device device, OptimizedTask problem, Func<Device, OptimizedTask, int, IQuadraticLanes> createLanes)
        : base(device, problem) => (Problem, _createLanes) = (problem, createLanes);

    /// <summary>The optimizers' names, for messages.</summary>
    public static string Optimizers => DeviceRule.Allowed;

    /// <summary>The problem as the CPU computes it.</summary>
    public OptimizedTask Problem { get; }

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
            return new QuadraticProblem(device, quadratic, (on, of, lanes) => new ElementLanes(on, of, rule, lanes));
        }

        if (quadratic.Optimizer is MlpOptimizer or AdafacMlpOptimizer)
        {
            return new QuadraticProblem(device, quadratic, (on, of, lanes) => new LearnedLanes(on, of, lanes));
        }

        refusal = $"a device computes quadratics by {Optimizers}, not by {quadratic.Optimizer.Name}";
        return null;
    }

    /// <inheritdoc/>
    public override IUnroll<float> CreateUnroll(int pairs, ArmSet arms) => new DeviceQuadraticUnroll(this, pairs, arms);

    /// <summary>How the lanes of an unroll stand on the device.</summary>
    public IQuadraticLanes CreateLanes(int lanes) => _createLanes(Device, Problem, lanes);
}
