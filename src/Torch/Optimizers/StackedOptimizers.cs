using Involute.Tasks;
using Involute.Tasks.Optimizers;

namespace Involute.Torch.Optimizers;

/// <summary>Which learned optimizers have a form for tensors.</summary>
internal static class StackedOptimizers
{
    /// <summary>Their names, for messages.</summary>
    public const string Names = "sgd, sgdm, adam, mlp, adafac-mlp";

    /// <summary>The form of an optimizer for tensors; null if there is none.</summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="tensors">How the inner parameters divide into tensors.</param>
    public static IStackedOptimizer? Of(ILearnedOptimizer optimizer, IReadOnlyList<TensorSlice> tensors) =>
        optimizer switch
        {
            LearnableSgd => new StackedSgd(),
            LearnableSgdm => new StackedSgdm(new StateSlot(tensors)),
            LearnableAdam => new StackedAdam(new StateSlot(tensors)),
            MlpOptimizer mlp => new StackedMlp(mlp, tensors),
            AdafacMlpOptimizer adafac => new StackedAdafacMlp(adafac, tensors),
            _ => null,
        };
}
