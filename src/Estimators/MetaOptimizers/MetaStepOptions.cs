using Involute.Tasks.Components;
using Involute.Tasks.Schedules;

namespace Involute.Estimators.MetaOptimizers;

/// <summary>How a meta-optimizer's learning rate changes over its updates.</summary>
public enum RateSchedule
{
    /// <summary>It stays.</summary>
    [Word("it stays")]
    Constant,

    /// <summary>It rises in a straight line over <c>warm-up</c> updates, then falls with the square root.</summary>
    [Word("up over warm-up updates, then down with the square root", Theirs = ["LinearRampupSqrtDecay"])]
    RampUpSqrtDecay,

    /// <summary>It loses <c>decay-rate</c> of itself with each update.</summary>
    [Word("down by decay-rate with each update", Theirs = ["ExponentialDecay"])]
    ExponentialDecay,

    /// <summary>
    /// It rises over <c>warm-up</c> updates, then falls along half a cosine until <c>decay-steps</c>.
    /// </summary>
    [Word(
        "up over warm-up updates, then down to final-learning-rate at update decay-steps",
        Theirs = ["CosineLearningRateSchedule"])]
    Cosine,
}

/// <summary>What surrounds a meta-optimizer: when it acts, how far it goes, and on what part of the gradient.</summary>
public sealed record MetaStepOptions
{
    /// <summary>Outer steps whose gradients are averaged for one update.</summary>
    [Option(
        "How many gradients are averaged for one update of theta.", Unit = "outer steps", Least = 1, Most = 1_000_000,
        Theirs = ["num_average", "GradientAccumulator"])]
    public int Accumulate { get; init; } = 1;

    /// <summary>How the learning rate changes.</summary>
    [Option("How the learning rate changes over the updates.")]
    public RateSchedule LearningRateSchedule { get; init; }

    /// <summary>Updates until the learning rate has its full size.</summary>
    [Option("When the learning rate has its full size.", Unit = "updates", Least = 0, Most = 1_000_000_000)]
    public int WarmUp { get; init; }

    /// <summary>Share of the learning rate lost with each update (exponential decay).</summary>
    [Option(
        "Share of the learning rate that exponential-decay takes with each update.", Least = 0, Most = 1,
        BelowMost = true)]
    public double DecayRate { get; init; } = 0.001;

    /// <summary>Updates until the learning rate is the final one (cosine).</summary>
    [Option(
        "When cosine has come down; more than warm-up. Unless it is set, cosine comes down at the end of the run: then it has as many "
        + "updates as outer-steps, divided by accumulate.",
        Unit = "updates", Least = 1, Most = 1_000_000_000)]
    public int DecaySteps { get; init; } = 1000;

    /// <summary>What the learning rate falls to (cosine).</summary>
    [Option("What cosine comes down to.", Least = 0, Most = 1000)]
    public double FinalLearningRate { get; init; }

    /// <summary>Most that an entry of the gradient may be, in magnitude; null for no limit.</summary>
    [Option(
        "Largest entry of the gradient, in magnitude, before anything else is done with it.", Least = 0,
        AboveLeast = true,
        Most = 1e30, MayChangeAtStep = true, Theirs = ["grad_clip", "GradientClipOptimizer"])]
    public double? ClipValue { get; init; }

    /// <summary>Most that the gradient's Euclidean norm may be; null for no limit.</summary>
    [Option("Largest Euclidean norm of the gradient, after clip-value.", Least = 0, AboveLeast = true, Most = 1e30,
        MayChangeAtStep = true)]
    public double? ClipNorm { get; init; }

    /// <summary>The learning rate over the updates, if it changes.</summary>
    internal IScalarSchedule Rate(double peak) => LearningRateSchedule switch
    {
        RateSchedule.RampUpSqrtDecay => new LinearRampUpSqrtDecay(peak, Math.Max(WarmUp, 1)),
        RateSchedule.ExponentialDecay => new ExponentialDecay(peak, DecayRate),
        RateSchedule.Cosine => new CosineDecay(peak, DecaySteps, FinalLearningRate, WarmUp),
        _ => throw new InvalidOperationException($"the learning rate is {LearningRateSchedule}"),
    };
}
