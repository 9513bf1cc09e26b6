using System.Diagnostics;
using Involute.Estimators.Estimation;

namespace Involute.Hosting.Configuration;

/// <summary>The gradient estimator, with the options that it has.</summary>
public abstract record EstimatorSettings
{
    private protected EstimatorSettings()
    {
    }

    /// <summary>A name of <see cref="KnownNames.Estimators"/>.</summary>
    public abstract string Name { get; }

    /// <summary>Every option with its value, in canonical order.</summary>
    internal virtual IEnumerable<Setting> Options => [];

    internal static EstimatorSettings Read(BlockReader block)
    {
        EstimatorSettings settings = block.Name(KnownNames.Estimators) switch
        {
            KnownNames.PersistentES => new PersistentESOptions(Sign(block)),
            KnownNames.TruncatedES => new TruncatedESOptions(block.Choice("carry", SettingWords.Carries), Sign(block)),
            KnownNames.NoiseReuseES => new NoiseReuseESOptions(Sign(block)),
            KnownNames.GeneralizedPES => new GeneralizedPESOptions(
                block.Integer("stretch", 1, Ranges.LongestHorizon), Sign(block)),
            KnownNames.TelescopingPES => new TelescopingPESOptions(),
            KnownNames.FullES => new FullESOptions(
                block.Choice("loss", SettingWords.TrajectoryLosses),
                block.Integer("recompute-batches", 1, 1_000_000),
                block.Number("clip-loss-diff", Ranges.LimitOrOff),
                Sign(block)),
            var name => throw new UnreachableException($"the table of estimators has {name}, the reader has not"),
        };
        block.Finish();
        return settings;
    }

    private protected static Setting SignOption(double sign) => new("sign-loss-diff", HoconText.Of(sign));

    private static double Sign(BlockReader block) => block.Number("sign-loss-diff", Ranges.LimitOrOff);
}

/// <summary>Persistent evolution strategies.</summary>
/// <param name="SignLossDiff">Loss differences become this times their sign; 0 leaves them.</param>
public sealed record PersistentESOptions(double SignLossDiff) : EstimatorSettings
{
    /// <inheritdoc/>
    public override string Name => KnownNames.PersistentES;

    internal override IEnumerable<Setting> Options => [SignOption(SignLossDiff)];
}

/// <summary>Truncated evolution strategies.</summary>
/// <param name="Carry">Which lane both arms start a window from.</param>
/// <param name="SignLossDiff">Loss differences become this times their sign; 0 leaves them.</param>
public sealed record TruncatedESOptions(TruncatedCarry Carry, double SignLossDiff) : EstimatorSettings
{
    /// <inheritdoc/>
    public override string Name => KnownNames.TruncatedES;

    internal override IEnumerable<Setting> Options =>
        [new("carry", SettingWords.Carries.NameOf(Carry)), SignOption(SignLossDiff)];
}

/// <summary>Noise-reuse evolution strategies (ES-Single).</summary>
/// <param name="SignLossDiff">Loss differences become this times their sign; 0 leaves them.</param>
public sealed record NoiseReuseESOptions(double SignLossDiff) : EstimatorSettings
{
    /// <inheritdoc/>
    public override string Name => KnownNames.NoiseReuseES;

    internal override IEnumerable<Setting> Options => [SignOption(SignLossDiff)];
}

/// <summary>Generalised persistent evolution strategies.</summary>
/// <param name="Stretch">Inner steps that a perturbation lasts.</param>
/// <param name="SignLossDiff">Loss differences become this times their sign; 0 leaves them.</param>
public sealed record GeneralizedPESOptions(int Stretch, double SignLossDiff) : EstimatorSettings
{
    /// <inheritdoc/>
    public override string Name => KnownNames.GeneralizedPES;

    internal override IEnumerable<Setting> Options =>
        [new("stretch", HoconText.Of(Stretch)), SignOption(SignLossDiff)];
}

/// <summary>Telescoping persistent evolution strategies.</summary>
public sealed record TelescopingPESOptions : EstimatorSettings
{
    /// <inheritdoc/>
    public override string Name => KnownNames.TelescopingPES;
}

/// <summary>Evolution strategies over whole trajectories.</summary>
/// <param name="Loss">What one number a trajectory's losses become.</param>
/// <param name="RecomputeBatches">Batches of the loss <c>last-recompute</c>.</param>
/// <param name="ClipLossDiff">Limit of loss differences; 0 is none.</param>
/// <param name="SignLossDiff">Loss differences become this times their sign; 0 leaves them.</param>
public sealed record FullESOptions(TrajectoryLoss Loss, int RecomputeBatches, double ClipLossDiff, double SignLossDiff)
    : EstimatorSettings
{
    /// <inheritdoc/>
    public override string Name => KnownNames.FullES;

    internal override IEnumerable<Setting> Options =>
    [
        new("loss", SettingWords.TrajectoryLosses.NameOf(Loss)),
        new("recompute-batches", HoconText.Of(RecomputeBatches)),
        new("clip-loss-diff", HoconText.Of(ClipLossDiff)),
        SignOption(SignLossDiff),
    ];
}
