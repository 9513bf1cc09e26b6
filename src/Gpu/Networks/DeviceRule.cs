using Involute.Tasks.Optimizers;

namespace Involute.Gpu.Networks;

/// <summary>Works out what the kernels need of one arm's theta; the exponentials are the CPU's.</summary>
internal delegate void Prepare(ReadOnlySpan<float> theta, Span<float> constants);

/// <summary>An optimizer as the kernels know it.</summary>
/// <param name="Kind">Its number in Kernels/network.h.</param>
/// <param name="Slots">Numbers of state that each parameter has.</param>
/// <param name="Constants">Numbers that follow from theta.</param>
/// <param name="Prepare">Works them out.</param>
/// <param name="Fused">The module of the fused window with this rule; null if there is none.</param>
internal sealed record DeviceRule(int Kind, int Slots, int Constants, Prepare Prepare, string? Fused)
{
    /// <summary>The rules that devices have, for messages.</summary>
    public const string Allowed = "adam, sgd, sgdm, nesterov, rmsprop, mlp, adafac-mlp";

    /// <summary>The rule of an optimizer; null if the kernels have none.</summary>
    public static DeviceRule? Of(ILearnedOptimizer optimizer) => optimizer switch
    {
        LearnableAdam => new(0, 2, PackedAdam.Constants, PackedAdam.Prepare, "window_adam"),
        LearnableSgd => new(1, 0, PackedSgd.Constants, PackedSgd.Prepare, "window_sgd"),
        LearnableSgdm => new(2, 1, PackedSgdm.Constants, PackedSgdm.Prepare, "window_sgdm"),
        LearnableNesterov => new(3, 1, PackedNesterov.Constants, PackedNesterov.Prepare, null),
        LearnableRmsProp => new(4, 1, PackedRmsProp.Constants, PackedRmsProp.Prepare, null),
        MlpOptimizer => new(5, 6, optimizer.Layout.Length, (theta, constants) => theta.CopyTo(constants), "window_mlp"),
        AdafacMlpOptimizer => new(6, 4, optimizer.Layout.Length, AdafacConstants, "window_adafac"),
        _ => null,
    };

    // The rates of the averages instead of what theta says of them, then the network's weights.
    private static void AdafacConstants(ReadOnlySpan<float> theta, Span<float> constants)
    {
        theta.CopyTo(constants);
        AdafacMlpOptimizer.EffectiveRates(theta, constants[..AdafacMlpOptimizer.DecayCount]);
    }
}
