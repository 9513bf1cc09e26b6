using Involute.Tasks.Optimizers;

namespace Involute.Gpu.Quadratics;

/// <summary>An element-wise optimizer that <c>Kernels/quadratic.h</c> knows.</summary>
/// <param name="Name">The optimizer's, and that of its kernels.</param>
/// <param name="Slots">Numbers of state of each parameter.</param>
/// <param name="Scalars">Numbers of state that a lane has once; they stand behind its slots.</param>
internal sealed record QuadraticRule(string Name, int Slots, int Scalars)
{
    // Others run in a kernel of any dimension.
    private static readonly int[] Compiled = [2, 5, 10, 20];

    /// <summary>The rule of an optimizer; null if there is none.</summary>
    public static QuadraticRule? Of(ILearnedOptimizer optimizer) => optimizer switch
    {
        LearnableAdam => new("adam", PackedAdam.Slots, PackedAdam.Scalars),
        LearnableSgd => new("sgd", PackedSgd.Slots, PackedSgd.Scalars),
        LearnableSgdm => new("sgdm", PackedSgdm.Slots, PackedSgdm.Scalars),
        LearnableNesterov => new("nesterov", PackedNesterov.Slots, PackedNesterov.Scalars),
        LearnableRmsProp => new("rmsprop", PackedRmsProp.Slots, PackedRmsProp.Scalars),
        _ => null,
    };

    /// <summary>The module of its kernels.</summary>
    public string Module => $"quadratic_{Name}";

    /// <summary>The kernel for a dimension.</summary>
    public string Kernel(int dimension) =>
        Compiled.Contains(dimension) ? $"quadratic_{Name}_{dimension}" : $"quadratic_{Name}";

    /// <summary>Numbers of a lane: parameters, slots (each with one element of padding), scalars.</summary>
    public int Numbers(int dimension) => checked(((1 + Slots) * (dimension + 1)) + Scalars);
}
