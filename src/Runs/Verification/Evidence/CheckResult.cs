namespace Involute.Runs.Verification.Evidence;

/// <summary>What one check came to.</summary>
/// <param name="Name">The check; docs/verify.md explains each.</param>
/// <param name="LookedAt">What it looked at, for a person.</param>
/// <param name="Verdict">Whether it holds.</param>
/// <param name="Violations">How often it does not.</param>
/// <param name="Findings">The first violations, at most <see cref="MostFindings"/>.</param>
public sealed record CheckResult(
    string Name, string LookedAt, CheckVerdict Verdict, long Violations, IReadOnlyList<Finding> Findings)
{
    /// <summary>Violations that are kept of one check: a ruined ledger has as many as events.</summary>
    public const int MostFindings = 10;
}

/// <summary>One violation.</summary>
/// <param name="Message">One line, with the place in it.</param>
/// <param name="Step">The outer step that it is about, if any.</param>
/// <param name="Sequence">The ledger event that it is about, if any.</param>
public sealed record Finding(string Message, long? Step = null, long? Sequence = null);

/// <summary>Whether a check holds.</summary>
public enum CheckVerdict
{
    /// <summary>It holds.</summary>
    Ok,

    /// <summary>It does not.</summary>
    Violated,

    /// <summary>There was nothing to look at.</summary>
    NotChecked,
}
