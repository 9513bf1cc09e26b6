using Involute.Runs.Checkpoints;
using Involute.Runs.Verification.Evidence;

namespace Involute.Runs.Verification;

/// <summary>A run whose records have been checked, and what is needed to recompute it.</summary>
public sealed class VerifiedRun
{
    internal VerifiedRun(
        ExpectedRun expected,
        RecordedHistory history,
        IReadOnlyList<Checkpoint> goodCheckpoints,
        IReadOnlyList<CheckResult> checks)
    {
        Expected = expected;
        Steps = history.Steps;
        LastStep = history.Acknowledged;
        IsContiguous = history.IsContiguous;
        GoodCheckpoints = goodCheckpoints;
        Checks = checks;
    }

    /// <summary>What the configuration says.</summary>
    public ExpectedRun Expected { get; }

    /// <summary>The last acknowledged step; 0 if none.</summary>
    public long LastStep { get; }

    /// <summary>What each check came to, always in the same order.</summary>
    public IReadOnlyList<CheckResult> Checks { get; }

    /// <summary>Whether the recorded steps are 1, 2, … without a gap.</summary>
    internal bool IsContiguous { get; }

    internal RecordedSteps Steps { get; }

    /// <summary>Checkpoints that can be gone on from, by step.</summary>
    internal IReadOnlyList<Checkpoint> GoodCheckpoints { get; }
}
