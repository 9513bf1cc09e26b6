namespace Involute.Runs.Ledger;

/// <summary>Whether a program may go on with a run that another program, or this one, has computed so far.</summary>
public static class ComputationRules
{
    /// <summary>One line that says why not; null if it may.</summary>
    /// <remarks>
    /// Other data, and other numbers, make another run. Another build is an upgrade: it may go on if a trial gives the
    /// same numbers.
    /// </remarks>
    /// <param name="before">What the ledger says of its newest epoch; null if it says nothing.</param>
    /// <param name="now">This program.</param>
    public static string? Refusal(Computation? before, Computation? now)
    {
        if (before is null || now is null)
        {
            return null;
        }

        if (before.DataSha256 != now.DataSha256)
        {
            return $"the run's data is not what it was: {now.Difference(before)}; restore the data files, or begin "
                + "another run with these";
        }

        return before.Fingerprint == now.Fingerprint ? null
            : now.BuildDifference(before) is { } build
                ? $"this program computes something else than {before.Program} did: {build}; go on with that build, or "
                    + "begin another run"
            : $"the same program gives other numbers here than where {before.Program} began: {now.Difference(before)}; go "
                + "on with a machine like that one, or begin another run";
    }

    /// <summary>One line for the operator where another build goes on with the run; null where it is the same.</summary>
    /// <param name="before">What the ledger says of its newest epoch; null if it says nothing.</param>
    /// <param name="now">This program.</param>
    public static string? Note(Computation? before, Computation? now) =>
        before is not null && now?.BuildDifference(before) is { } difference
            ? $"another build goes on ({now.Program}, before {before.Program}; it differs in {difference}): a trial "
                + "gives the same numbers, and the ledger records the new build"
            : null;
}
