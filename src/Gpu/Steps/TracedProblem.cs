using Involute.Gpu.Driver;
using Involute.Tasks;
using Involute.Tasks.Tangents;
using Involute.Tasks.Unrolls;

namespace Involute.Gpu.Steps;

/// <summary>A problem made of a packed step function, whose unrolls live on a device.</summary>
internal sealed class TracedProblem : IInnerProblem<float>
{
    private readonly IInnerProblem<float> _problem;
    private readonly Lazy<StepKernel> _kernel;

    private TracedProblem(Device device, IInnerProblem<float> problem, IPackedStep<float> step)
    {
        (Device, _problem, Step) = (device, problem, step);
        Program = StepCompiler.Compile(StepGraph.Of(step));
        _kernel = new Lazy<StepKernel>(() => new StepKernel(device, Program, step.Layout.Length));
    }

    /// <summary>Where its unrolls live.</summary>
    public Device Device { get; }

    /// <summary>The step function.</summary>
    public IPackedStep<float> Step { get; }

    /// <summary>What the device runs.</summary>
    public StepProgram Program { get; }

    /// <summary>The program on the device.</summary>
    public StepKernel Kernel => _kernel.Value;

    /// <inheritdoc/>
    public string Name => _problem.Name;

    /// <inheritdoc/>
    public ThetaLayout Layout => _problem.Layout;

    /// <inheritdoc/>
    public double CeilingLoss => _problem.CeilingLoss;

    /// <inheritdoc/>
    public string Arithmetic => _problem.Arithmetic;

    /// <inheritdoc/>
    public bool OffersTangents => _problem.OffersTangents;

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
    public void InitialTheta(long seed, Span<float> theta) => _problem.InitialTheta(seed, theta);

    /// <inheritdoc/>
    public double Normalize(double loss) => _problem.Normalize(loss);

    /// <inheritdoc/>
    public void Normalize(ReadOnlySpan<StepLoss> losses, Span<double> normalised) => _problem.Normalize(losses, normalised);

    /// <inheritdoc/>
    public IUnroll<float> CreateUnroll(int pairs, ArmSet arms) => new TracedUnroll(this, pairs, arms);

    /// <inheritdoc/>
    /// <remarks>Numbers with derivatives are the CPU's.</remarks>
    public ITangentUnroll<float> CreateTangentUnroll(int pairs, ArmSet arms) => _problem.CreateTangentUnroll(pairs, arms);
}
