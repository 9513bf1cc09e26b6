namespace Involute.Hosting.Configuration;

/// <summary>How a meta-optimizer's learning rate changes over its updates.</summary>
public enum RateSchedule
{
    /// <summary>It stays.</summary>
    Constant,

    /// <summary>It rises in a straight line over <c>warm-up</c> updates, then falls with the square root.</summary>
    RampUpSqrtDecay,

    /// <summary>It loses <c>decay-rate</c> of itself with each update.</summary>
    ExponentialDecay,

    /// <summary>It rises over <c>warm-up</c> updates, then falls along half a cosine until <c>decay-steps</c>.</summary>
    Cosine,
}

/// <summary>What surrounds a meta-optimizer: when it acts, how far it goes, and on what part of the gradient.</summary>
/// <param name="Accumulate">Outer steps whose gradients are averaged for one update.</param>
/// <param name="Schedule">How the learning rate changes.</param>
/// <param name="WarmUp">Updates until the learning rate has its full size.</param>
/// <param name="DecayRate">Share of the learning rate lost with each update (exponential decay).</param>
/// <param name="DecaySteps">Updates until the learning rate is the final one (cosine).</param>
/// <param name="FinalLearningRate">What the learning rate falls to (cosine).</param>
/// <param name="Clipping">Limits of the gradient.</param>
public sealed record MetaStepSettings(
    int Accumulate,
    RateSchedule Schedule,
    int WarmUp,
    double DecayRate,
    int DecaySteps,
    double FinalLearningRate,
    Clipping Clipping)
{
    internal static readonly string[] Keys =
    [
        "accumulate", "learning-rate-schedule", "warm-up", "decay-rate", "decay-steps", "final-learning-rate",
        "clip-value", "clip-norm",
    ];

    internal IEnumerable<Setting> Options =>
    [
        new("accumulate", HoconText.Of(Accumulate)),
        new("learning-rate-schedule", SettingWords.RateSchedules.NameOf(Schedule)),
        new("warm-up", HoconText.Of(WarmUp)),
        new("decay-rate", HoconText.Of(DecayRate)),
        new("decay-steps", HoconText.Of(DecaySteps)),
        new("final-learning-rate", HoconText.Of(FinalLearningRate)),
        new("clip-value", HoconText.Of(Clipping.Value)),
        new("clip-norm", HoconText.Of(Clipping.Norm)),
    ];

    internal static MetaStepSettings Read(BlockReader block) => new(
        block.Integer("accumulate", 1, 1_000_000),
        block.Choice("learning-rate-schedule", SettingWords.RateSchedules),
        block.Integer("warm-up", 0, 1_000_000_000),
        block.Number("decay-rate", Ranges.Decay),
        block.Integer("decay-steps", 1, 1_000_000_000),
        block.Number("final-learning-rate", new NumberRange(0, 1000)),
        new Clipping(block.Number("clip-value", Ranges.LimitOrOff), block.Number("clip-norm", Ranges.LimitOrOff)));
}

/// <summary>Limits of the gradient: each entry first, then the Euclidean norm of the whole.</summary>
/// <param name="Value">Most that an entry may be, in magnitude; 0 for no limit.</param>
/// <param name="Norm">Most that the norm may be; 0 for no limit.</param>
public readonly record struct Clipping(double Value, double Norm);
