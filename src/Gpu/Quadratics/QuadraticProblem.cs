using Involute.Gpu.Driver;
using Involute.Tasks;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Unrolls;

namespace Involute.Gpu.Quadratics;

/// <summary>A quadratic, or a family of them, by an element-wise optimizer; the unrolls live on a device.</summary>
internal sealed class QuadraticProblem : IInnerProblem<float>
{
    private QuadraticProblem(Device device, OptimizedTask problem, QuadraticRule rule) =>
        (Device, Problem, Rule) = (device, problem, rule);

    /// <summary>Where its unrolls live.</summary>
    public Device Device { get; }

    /// <summary>The problem as the CPU computes it.</summary>
    public OptimizedTask Problem { get; }

    /// <summary>The optimizer.</summary>
    public QuadraticRule Rule { get; }

    /// <summary>Whether each trajectory draws a centre.</summary>
    public bool DrawsCentre => Problem.Task is FixedDimQuadraticFamily;

    /// <inheritdoc/>
    public string Name => Problem.Name;

    /// <inheritdoc/>
    public ThetaLayout Layout => Problem.Layout;

    /// <inheritdoc/>
    public double CeilingLoss => Problem.CeilingLoss;

    /// <inheritdoc/>
    public string Arithmetic => Problem.Arithmetic;

    /// <inheritdoc/>
    public bool OffersAdjoints => Problem.OffersAdjoints;

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
    public void InitialTheta(long seed, Span<float> theta) => Problem.InitialTheta(seed, theta);

    /// <inheritdoc/>
    public double Normalize(double loss) => Problem.Normalize(loss);

    /// <inheritdoc/>
    public void Normalize(ReadOnlySpan<StepLoss> losses, Span<double> normalised) => Problem.Normalize(losses, normalised);

    /// <inheritdoc/>
    public IUnroll<float> CreateUnroll(int pairs, ArmSet arms) => new DeviceQuadraticUnroll(this, pairs, arms);

    /// <inheritdoc/>
    /// <remarks>Derivatives are the CPU's.</remarks>
    public IAdjointUnroll<float> CreateAdjointUnroll(int pairs, ArmSet arms) => Problem.CreateAdjointUnroll(pairs, arms);
}
