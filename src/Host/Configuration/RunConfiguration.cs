using System.Security.Cryptography;
using System.Text;
using Involute.Estimators.Pairs;

namespace Involute.Hosting.Configuration;

/// <summary>Everything that one may set about a run; <c>hocon/reference.conf</c> explains each setting.</summary>
/// <remarks>
/// Immutable, and equal exactly if <see cref="ToHocon"/> is. Made by <see cref="ConfigurationLoader"/>.
/// </remarks>
public sealed record RunConfiguration
{
    /// <summary>Key of all random numbers.</summary>
    public required long Seed { get; init; }

    /// <summary>Number of updates of theta, at least 1.</summary>
    public required int OuterSteps { get; init; }

    /// <summary>Number of antithetic pairs, at least 1.</summary>
    public required int Pairs { get; init; }

    /// <summary>Pairs that one actor owns, at least 1.</summary>
    public required int PairsPerActor { get; init; }

    /// <summary>Inner steps of a truncation window, at least 1.</summary>
    public required int Window { get; init; }

    /// <summary>Standard deviation of the perturbations.</summary>
    public required double Sigma { get; init; }

    /// <summary>How the losses of a window become one number.</summary>
    public required WindowLoss WindowLoss { get; init; }

    /// <summary>How much a step counts.</summary>
    public required Normalisation Normalisation { get; init; }

    /// <summary>What happens between two trajectories.</summary>
    public required ResetContract Reset { get; init; }

    /// <summary>What a non-finite inner loss does.</summary>
    public required DivergencePolicy Divergence { get; init; }

    /// <summary>When and on what data the meta-loss is measured.</summary>
    public required MetaLossSplit MetaLossSplit { get; init; }

    /// <summary>How losses become a gradient.</summary>
    public required EstimatorSettings Estimator { get; init; }

    /// <summary>What the inner problem trains.</summary>
    public required TaskSettings Task { get; init; }

    /// <summary>What it is trained with, parameterised by theta.</summary>
    public required OptimizerSettings Optimizer { get; init; }

    /// <summary>How long trajectories last.</summary>
    public required TruncationSettings Truncation { get; init; }

    /// <summary>What applies the gradient to theta.</summary>
    public required MetaOptimizerSettings MetaOptimizer { get; init; }

    /// <summary>How the learner waits for contributions.</summary>
    public required AggregationMode Aggregation { get; init; }

    /// <summary>Outer steps between two checkpoints, at least 1.</summary>
    public required int CheckpointInterval { get; init; }

    /// <summary>Compute threads; 0 for one per core.</summary>
    public required int Threads { get; init; }

    /// <summary>Restarts of one pair actor within one outer step before the run fails.</summary>
    public required int MaxPairRestarts { get; init; }

    /// <summary>Where ledger and checkpoints are.</summary>
    public required StoreSettings Store { get; init; }

    /// <summary>The block <c>akka</c> as text for Akka's own parser; empty if there is none.</summary>
    /// <remarks>
    /// Written anew from what our parser read: Akka's parser never returns from some malformed texts, for instance from
    /// an unclosed list or <c>[1, $2]</c>.
    /// </remarks>
    public required string Akka { get; init; }

    /// <summary>Every key under <c>involute</c>, in canonical order.</summary>
    public IReadOnlyList<Setting> Settings => ConfigurationText.Settings(this);

    /// <summary>The effective configuration as text that reads back as an equal one.</summary>
    public string ToHocon() => ConfigurationText.Write(this);

    /// <summary>SHA-256 of <see cref="ToHocon"/> in UTF-8, in lowercase hexadecimal digits.</summary>
    public string Sha256() => HashOf(ToHocon());

    /// <summary>
    /// SHA-256 of the settings that decide theta: the same as long as only what <see cref="ResumeRules"/> allow changes,
    /// and wherever ledger and checkpoints are.
    /// </summary>
    public string IdentitySha256() => HashOf(string.Concat(
        Settings.Where(setting => ResumeRules.IsIdentity(setting.Key))
            .Select(setting => $"{setting.Key} = {setting.Value}\n")));

    private static string HashOf(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
