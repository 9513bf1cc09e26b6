using Involute.Tasks.Components;

namespace Involute.Tasks.InnerTasks;

/// <summary>Options of <see cref="QuadraticTask"/>.</summary>
[Component("quadratic", "the sum of squares; for tests and first steps", Theirs = ["QuadraticTask"])]
public sealed record QuadraticOptions : InnerTaskOptions
{
    /// <summary>Number of inner parameters, 1 to 1,000,000.</summary>
    [Option("Number of inner parameters.", Least = 1, Most = 1_000_000, Theirs = ["dim"])]
    public int Dimension { get; init; } = 10;

    /// <inheritdoc/>
    public override IInnerTask Create() => new QuadraticTask(Dimension);
}

/// <summary>Options of <see cref="FixedDimQuadraticFamily"/>.</summary>
[Component(
    "fixed-dim-quadratic", "quadratics whose minimum is drawn for each trajectory",
    Theirs = ["FixedDimQuadratic", "FixedDimQuadraticFamily", "FixedDimQuadraticFamilyData"])]
public sealed record FixedDimQuadraticOptions : InnerTaskOptions
{
    /// <summary>Number of inner parameters, 1 to 1,000,000.</summary>
    [Option("Number of inner parameters.", Least = 1, Most = 1_000_000, Theirs = ["dim"])]
    public int Dimension { get; init; } = 10;

    /// <inheritdoc/>
    public override IInnerTask Create() => new FixedDimQuadraticFamily(Dimension);
}
