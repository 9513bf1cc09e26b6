using Involute.Estimators.Plans;
using Involute.Runs.Ledger;

namespace Involute.Runs.Verification.Evidence;

/// <summary>What a run's own configuration says that its ledger must hold.</summary>
/// <param name="RunId">The run.</param>
/// <param name="IdentitySha256">Hash of the settings that decide theta (lowercase hex).</param>
/// <param name="Pairs">Pairs of every outer step.</param>
/// <param name="PairsPerActor">Pairs of one block; the last may be short.</param>
/// <param name="MayLackLoss">Whether a step may consist of resets only, and then has no loss (NaN).</param>
public sealed record ExpectedRun(
    RunId RunId, string IdentitySha256, int Pairs, int PairsPerActor, bool MayLackLoss = false)
{
    /// <summary>What this program computes the run with; null if that is not known.</summary>
    public Computation? Computation { get; init; }

    /// <summary>Why it is not known, in words.</summary>
    public string NotComputed { get; init; } = "not asked for";

    /// <summary>Asks the run that a fork comes from; null to leave it out.</summary>
    internal Func<RunForked, ParentStep>? Parent { get; init; }

    /// <summary>The blocks of pairs that every checkpoint has states of.</summary>
    public IReadOnlyList<PairBlock> Blocks { get; } = PairBlock.Partition(Pairs, PairsPerActor);
}
