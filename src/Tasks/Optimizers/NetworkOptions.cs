using Involute.Tasks.Components;

namespace Involute.Tasks.Optimizers;

/// <summary>Size and scales of a learned optimizer's network, and what suits meta-training its weights.</summary>
/// <remarks>docs/learned-optimizers.md tells how these defaults were found.</remarks>
[RunDefault("outer-steps", "4000", "Noise keeps theta from the details for long; 600 are not enough.")]
[RunDefault(
    "window", "10",
    "More updates for the same work. A direction of so many numbers needs many updates more than it needs exact ones.")]
[RunDefault("sigma", "0.03", "Theta is weights of about 0.15: a perturbation must be small beside them.")]
[RunDefault(
    "estimator.name", "noise-reuse-es",
    "Of the unbiased estimators the one with the least noise at short windows: a trajectory keeps its perturbation, "
    + "and with a new one for each of a hundred windows, noise would add up.")]
[RunDefault(
    "truncation.max", "1000", "Trajectories as long as those of the evaluation. With 2000, training was less stable.")]
[RunDefault("truncation.offset", "1000", "As long as the longest horizon.")]
[RunDefault(
    "meta-optimizer.learning-rate", "0.005", "Found with mlp: 0.01 ends less well, and 0.03 silenced its network for good.")]
[RunDefault(
    "meta-optimizer.learning-rate-schedule", "cosine",
    "Large steps at first, because the network's outputs have far to grow; small ones later: noise in theta goes with "
    + "the learning rate, and the last part of what is gained comes when that is small. It is down at the end of the run, "
    + "however many outer steps that has.")]
[RunDefault(
    "meta-optimizer.final-learning-rate", "0.0001",
    "Not 0, so that a run that is resumed with more outer steps still learns.")]
[RunDefault(
    "meta-optimizer.clip-value", "0.5",
    "Before the optimizer descends, some gradients are a hundred times as large as later, and Adam's squared average "
    + "remembers them for a thousand updates.")]
public abstract record NetworkOptions : OptimizerOptions
{
    /// <summary>The options with a hidden size of this component's own.</summary>
    private protected NetworkOptions(int hiddenSize) => HiddenSize = hiddenSize;

    /// <summary>Units of each hidden layer, 1 to 1024.</summary>
    [Option(
        "Units of each hidden layer. Time per inner step grows with the square of it.", Least = 1, Most = 1024,
        Theirs = ["hidden_size"])]
    public int HiddenSize { get; init; }

    /// <summary>Hidden layers, 0 to 8.</summary>
    [Option("Hidden layers; 0 makes the step linear in its features.", Least = 0, Most = 8, Theirs = ["hidden_layers"])]
    public int HiddenLayers { get; init; } = 2;

    /// <summary>Size of a step whose outputs are (1, 0), in (0, 1000].</summary>
    [Option(
        "Size of a step whose outputs are (1, 0). Smaller is safer at the start, larger can be faster in the end.",
        Least = 0, AboveLeast = true, Most = 1000, Theirs = ["step_mult"])]
    public double StepMultiplier { get; init; } = 0.001;

    /// <summary>How strongly the second output scales the step, in [0, 1000].</summary>
    [Option(
        "How strongly the network's second output o scales the step: by exp(exponent-multiplier * o).",
        Least = 0, Most = 1000, Theirs = ["exp_mult"])]
    public double ExponentMultiplier { get; init; } = 0.001;
}

/// <summary>Options of <see cref="MlpOptimizer"/>.</summary>
[Component(
    "mlp", "a network of 1762 weights that sees each parameter's gradient, value and momenta and makes its step",
    Source = "Metz et al., Understanding and correcting pathologies in the training of learned optimizers, ICML 2019",
    Theirs = ["MLPLOpt"])]
public sealed record MlpOptions() : NetworkOptions(hiddenSize: 32)
{
    /// <inheritdoc/>
    public override ILearnedOptimizer Create() =>
        new MlpOptimizer(HiddenSize, HiddenLayers, StepMultiplier, ExponentMultiplier);
}

/// <summary>Options of <see cref="AdafacMlpOptimizer"/>.</summary>
[Component(
    "adafac-mlp", "a network of 197 weights that also sees factored second moments",
    Source = "Metz et al., Practical tradeoffs between memory, compute, and performance in learned optimizers, 2022",
    Theirs = ["AdafacMLPLOpt"])]
public sealed record AdafacMlpOptions() : NetworkOptions(hiddenSize: 4)
{
    /// <inheritdoc/>
    public override ILearnedOptimizer Create() =>
        new AdafacMlpOptimizer(HiddenSize, HiddenLayers, StepMultiplier, ExponentMultiplier);
}
