using Involute.Runs.Checkpoints;
using Involute.Runs.Verification.Checks;
using Involute.Runs.Verification.Evidence;

namespace Involute.Runs.Verification;

/// <summary>A run whose records have been checked, and what is needed to recompute it.</summary>
public sealed class VerifiedRun
{
    internal VerifiedRun(
        ExpectedRun expected,
        RecordedHistory history,
        RunHistory read,
        IReadOnlyList<Checkpoint> goodCheckpoints,
        IReadOnlyList<CheckResult> checks)
    {
        Expected = expected;
        Steps = history.Steps;
        LastStep = history.Acknowledged;
        IsContiguous = history.IsContiguous;
        GoodCheckpoints = goodCheckpoints;
        Checks = checks;
        History = read;
    }

    /// <summary>What the store says, as far as it can be read.</summary>
    public RunHistory History { get; }

    /// <summary>What the configuration says.</summary>
    public ExpectedRun Expected { get; }

    /// <summary>The last acknowledged step; 0 if none.</summary>
    public long LastStep { get; }

    /// <summary>What each check came to, always in the same order.</summary>
    public IReadOnlyList<CheckResult> Checks { get; }

    /// <summary>Steps of the checkpoints that are committed and whole, ascending.</summary>
    public IReadOnlyList<long> WholeSteps => History.WholeSteps;

    /// <summary>Whether there is a whole committed checkpoint of a step.</summary>
    public bool IsWhole(long step) => WholeSteps.Contains(step);

    /// <summary>Violations of all checks.</summary>
    public long Violations => Checks.Sum(check => check.Violations);

    /// <summary>
    /// The first violation, how many there are, and what can be done, in one line; null if there is none.
    /// </summary>
    public string? Problem => InOneLine(Expected.RunId.Value, Checks, WayOut);

    /// <summary>
    /// The first violation, how many there are, and what can be done, in one line; null if there is none.
    /// </summary>
    /// <param name="runId">The run.</param>
    /// <param name="checks">What each check came to.</param>
    /// <param name="wayOut">See <see cref="WayOut"/>.</param>
    public static string? InOneLine(string runId, IReadOnlyList<CheckResult> checks, long? wayOut)
    {
        ArgumentNullException.ThrowIfNull(checks);
        if (checks.FirstOrDefault(check => check.Violations > 0) is not { } first)
        {
            return null;
        }

        var violations = checks.Sum(check => check.Violations);
        return $"run {runId}: {first.Name}: {first.Findings[0].Message}"
            + (violations > 1 ? $"; {violations} violations in all" : "")
            + wayOut switch
            {
                null => "",
                0 => $"; 'involute resume {runId} --at 0' computes the run again from its start",
                { } step => $"; 'involute resume {runId} --at {step}' goes on from an older checkpoint",
            };
    }

    /// <summary>
    /// The step of the newest whole checkpoint that is older than every wrong one, or 0 for the start of the run, where
    /// nothing but checkpoints is wrong: <c>resume --at</c> goes on from there. Null where that is no way out.
    /// </summary>
    public long? WayOut
    {
        get
        {
            var wrong = Checks.Where(check => check.Violations > 0).ToList();
            if (wrong is not [{ Name: CheckpointCheck.CheckName } checkpoints])
            {
                return null;
            }

            var oldest = checkpoints.Findings.Min(finding => finding.Step ?? 0);
            long? older = WholeSteps.Where(step => step < oldest).Cast<long?>().Max();

            // A fork has no start of its own to go back to.
            return older ?? (History.Fork is null ? 0 : null);
        }
    }

    /// <summary>Whether the recorded steps are 1, 2, … without a gap.</summary>
    internal bool IsContiguous { get; }

    internal RecordedSteps Steps { get; }

    /// <summary>The ledger whose records were read; null if there was none.</summary>
    internal string? Ledger { get; init; }

    /// <summary>Loads the states of a group of blocks again, from the store that was read.</summary>
    internal Func<StateGroup, IReadOnlyList<PairSnapshot>> LoadStates { get; set; } =
        _ => throw new InvalidOperationException("no store to load states from");

    /// <summary>Checkpoints that can be gone on from, by step.</summary>
    internal IReadOnlyList<Checkpoint> GoodCheckpoints { get; }
}
