namespace Involute.Runs.Verification.Evidence;

/// <summary>The violations of one check: all counted, the first kept.</summary>
internal sealed class Findings
{
    private readonly List<Finding> _first = [];
    private long _count;

    public void Add(string message, long? step = null, long? sequence = null)
    {
        _count++;
        if (_first.Count < CheckResult.MostFindings)
        {
            _first.Add(new Finding(message, step, sequence));
        }
    }

    /// <param name="name">The check.</param>
    /// <param name="lookedAt">What it looked at.</param>
    /// <param name="hasLooked">Whether there was anything.</param>
    public CheckResult Result(string name, string lookedAt, bool hasLooked)
    {
        var verdict = _count > 0 ? CheckVerdict.Violated : hasLooked ? CheckVerdict.Ok : CheckVerdict.NotChecked;
        return new CheckResult(name, lookedAt, verdict, _count, _first);
    }
}
