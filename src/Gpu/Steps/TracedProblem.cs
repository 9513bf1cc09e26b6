using Involute.Gpu.Driver;
using Involute.Gpu.Problems;
using Involute.Tasks.Tangents;
using Involute.Tasks.Unrolls;

namespace Involute.Gpu.Steps;

/// <summary>A problem made of a packed step function, whose unrolls live on a device.</summary>
internal sealed class TracedProblem : DeviceProblem
{
    private readonly Lazy<StepKernel> _kernel;

    private TracedProblem(Device device, IInnerProblem<float> problem, IPackedStep<float> step)
        : base(device, problem)
    {
        Step = step;
        Program = StepCompiler.Compile(StepGraph.Of(step));
        _kernel = new Lazy<StepKernel>(() => new StepKernel(device, Program, step.Layout.Length));
    }

    /// <summary>The step function.</summary>
    public IPackedStep<float> Step { get; }

    /// <summary>What the device runs.</summary>
    public StepProgram Program { get; }

    /// <summary>The program on the device.</summary>
    public StepKernel Kernel => _kernel.Value;

    /// <summary>See <see cref="ToDevice"/>.</summary>
    public static IInnerProblem<float>? On(Device device, IInnerProblem<float> problem, out string refusal)
    {
        refusal = "";
        if (problem is not StepProblem<float> steps)
        {
            return null;
        }

        if (steps.Function is not IPackedStep<float> step)
        {
            refusal = "a device runs step functions that are written as IPackedStep<float>; this one is none";
            return null;
        }

        try
        {
            return new TracedProblem(device, problem, step);
        }
        catch (TraceException exception)
        {
            refusal = $"the step function has no form for a device: {exception.Message}";
            return null;
        }
    }

    /// <inheritdoc/>
    public override IUnroll<float> CreateUnroll(int pairs, ArmSet arms) => new TracedUnroll(this, pairs, arms);
}
