using System.Numerics;
using Involute.Tasks.Components;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.Problems;

/// <summary>The vectors of a linear loss.</summary>
public enum LinearGradients
{
    /// <summary>All the same.</summary>
    [Word("always the same vector")]
    Identical,

    /// <summary>The basis vectors in turn.</summary>
    [Word("the basis vectors in turn")]
    Orthonormal,
}

/// <summary>Options of <see cref="MemorylessLinear{T}"/>.</summary>
[Component(
    "memoryless-linear",
    "a linear loss of a theta as long as you like, without an optimizer; for measuring noise, transport and storage")]
public sealed record MemorylessLinearOptions : InnerProblemOptions
{
    /// <summary>Length of theta, 1 to 1,000,000.</summary>
    [Option("Length of theta.", Least = 1, Most = 1_000_000)]
    public int Dimension { get; init; } = 100;

    /// <summary>Whether the vectors are all the same or the basis vectors in turn.</summary>
    [Option("Step t's loss is a vector times theta.")]
    public LinearGradients Gradients { get; init; }

    /// <inheritdoc/>
    public override IInnerProblem<float> Create() => Create<float>();

    /// <summary>The problem in any number type.</summary>
    public IInnerProblem<T> Create<T>()
        where T : struct, IFloatingPointIeee754<T> =>
        new StepProblem<T>(new MemorylessLinear<T>(Dimension, Gradients == LinearGradients.Orthonormal));
}
