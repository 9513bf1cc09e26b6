using System.Numerics;
using Involute.Tasks.Components;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.Problems;

/// <summary>Options of <see cref="InfluenceBalancing{T}"/>.</summary>
[Component(
    "influence-balancing", "a linear system in which theta helps at once and harms in the long run; offers derivatives",
    Source = "Tallec and Ollivier, Unbiased online recurrent optimization, 2017; PES, ICML 2021")]
[RunDefault("truncation.schedule", "never-ending", "The system has no end.")]
[RunDefault("window", "1", "As published: the estimators differ most with the shortest windows.")]
public sealed record InfluenceBalancingOptions : InnerProblemOptions
{
    /// <summary>Components of the state, 1 to 10,000.</summary>
    [Option("Components of the state.", Least = 1, Most = 10_000)]
    public int Size { get; init; } = 23;

    /// <summary>How many of them theta enters with the sign +.</summary>
    [Option("How many of them theta enters with the sign +; at most size.", Least = 0, Most = 10_000)]
    public int Positive { get; init; } = 10;

    /// <summary>Initial theta, in each component.</summary>
    [Option("Where theta starts.", Least = -1e6, Most = 1e6)]
    public double Start { get; init; } = 0.5;

    /// <summary>Whether theta is one number per component of the state.</summary>
    [Option("Whether theta is one number per component of the state, or one for all.")]
    public bool Vector { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<OptionProblem> Check()
    {
        if (Positive > Size)
        {
            yield return new OptionProblem(
                "positive", $"{Positive} is more than task.size = {Size}", "at most task.size");
        }
    }

    /// <inheritdoc/>
    public override IInnerProblem<float> Create() => Create<float>();

    /// <summary>The problem in any number type.</summary>
    public IInnerProblem<T> Create<T>()
        where T : struct, IFloatingPointIeee754<T> =>
        new StepProblem<T>(new InfluenceBalancing<T>(Size, Positive, Start, Vector));
}

/// <summary>Options of <see cref="Lorenz{T}"/>.</summary>
[Component(
    "lorenz", "two parameters of the Lorenz system, whose unrolls are chaotic; offers derivatives",
    Source = "Li et al., Noise-reuse in online evolution strategies, NeurIPS 2023, section 5.1")]
[RunDefault("truncation.schedule", "constant", "Trajectories start near one point and run for 2000 steps.")]
[RunDefault("truncation.length", "2000", "As published.")]
[RunDefault("truncation.offset", "2000", "Pairs stand at all places of a trajectory.")]
[RunDefault("window", "100", "As published.")]
[RunDefault("sigma", "0.04", "As published.")]
public sealed record LorenzOptions : InnerProblemOptions
{
    /// <summary>Initial ln a; the true system has a = 10.</summary>
    [Option("Where ln a starts; the true system has a = 10.", Least = -100, Most = 100)]
    public double LogA { get; init; } = 3.116;

    /// <summary>Initial ln r; the true system has r = 28.</summary>
    [Option("Where ln r starts; the true system has r = 28.", Least = -100, Most = 100)]
    public double LogR { get; init; } = 3.7;

    /// <summary>Standard deviation of a trajectory's start; 0 starts all at one point.</summary>
    [Option("Standard deviation of a trajectory's start; 0 starts all at one point.", Least = 0, Most = 100)]
    public double Spread { get; init; }

    /// <inheritdoc/>
    public override IInnerProblem<float> Create() => Create<float>();

    /// <summary>The problem in any number type.</summary>
    public IInnerProblem<T> Create<T>()
        where T : struct, IFloatingPointIeee754<T> =>
        new StepProblem<T>(new Lorenz<T>(LogA, LogR, Spread));
}

/// <summary>Options of <see cref="ToyRegression2D{T}"/>.</summary>
[Component(
    "toy-2d", "a learning rate that goes in a straight line, on a rugged function of two variables; offers derivatives",
    Source = "Vicol, Metz, Sohl-Dickstein, PES, ICML 2021, section 5")]
[RunDefault("truncation.schedule", "constant", "Every trajectory runs through the whole learning-rate schedule.")]
[RunDefault("truncation.length", "100", "The default horizon.")]
[RunDefault("truncation.offset", "100", "Pairs stand at all places of a trajectory.")]
[RunDefault("window", "10", "As published.")]
public sealed record ToyRegression2DOptions : InnerProblemOptions
{
    /// <summary>Inner steps over which the learning rate goes from its first to its last value, 2 to 100,000.</summary>
    [Option(
        "Over how many inner steps the learning rate goes from its first to its last value; also set truncation.length "
            + "to it.",
        Unit = "inner steps", Least = 2, Most = 100_000)]
    public int Horizon { get; init; } = 100;

    /// <summary>Logarithm of the first and last learning rate at which theta starts.</summary>
    [Option("Where both logarithms of the learning rate start.", Least = -50, Most = 5)]
    public double Start { get; init; } = -4;

    /// <inheritdoc/>
    public override IInnerProblem<float> Create() => Create<float>();

    /// <summary>The problem in any number type.</summary>
    public IInnerProblem<T> Create<T>()
        where T : struct, IFloatingPointIeee754<T> =>
        new StepProblem<T>(new ToyRegression2D<T>(Horizon, theta0: Start, theta1: Start));
}
