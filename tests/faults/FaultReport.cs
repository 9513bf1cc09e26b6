namespace Involute.Faults;

/// <summary>The table of scenarios and their results, printed row by row.</summary>
internal sealed class FaultReport(TextWriter output)
{
    private readonly List<string> _lastWords = [];
    private int _failures;
    private int _leftOut;
    private int _missed;

    /// <summary>Prints the head, once the reference is known.</summary>
    public void Begin(string theta, TimeSpan took)
    {
        output.WriteLine($"reference, one process: theta {theta}, {took.TotalSeconds:0} s");
        output.WriteLine();
        output.WriteLine("| scenario | what | seconds | verdict |");
        output.WriteLine("|---|---|---|---|");
    }

    /// <summary>Runs a scenario and adds its row.</summary>
    public async Task AddAsync(Scenario scenario, Lab lab, Func<Task<string>> run)
    {
        var start = TimeProvider.System.GetTimestamp();
        string verdict;
        try
        {
            var measured = await run();
            verdict = measured.Length > 0 ? $"same theta; {measured}" : "same theta";
        }
        catch (FaultException fault)
        {
            verdict = Fail(scenario, lab, fault.Message);
        }
        catch (OperationCanceledException) when (lab.Cancellation.IsCancellationRequested)
        {
            verdict = Fail(
                scenario, lab, $"not done after {lab.Options.Timeout.TotalSeconds:0} s, its processes were killed");
        }

        Row(scenario, $"{TimeProvider.System.GetElapsedTime(start).TotalSeconds:0}", verdict);
    }

    /// <summary>Adds a scenario for which this machine lacks something.</summary>
    public void AddSkipped(Scenario scenario, string lack)
    {
        _leftOut++;
        Row(scenario, "", $"skipped: {lack}");
    }

    /// <summary>Adds a scenario that does not fit into the time that is left.</summary>
    public void AddNotRun(Scenario scenario)
    {
        _leftOut++;
        _missed += scenario.IsCore ? 1 : 0;
        Row(scenario, "", "not run: no time left");
    }

    /// <summary>Prints the end; returns the exit code.</summary>
    public int End(string folder)
    {
        foreach (var line in _lastWords)
        {
            output.WriteLine(line);
        }

        output.WriteLine();
        output.WriteLine(
            _failures > 0 ? $"{_failures} failed; the runs and their logs are kept in {folder}"
            : _missed > 0 ? $"{_missed} core scenarios were not run: a longer --limit is needed"
            : _leftOut > 0 ? $"all that were run hold; {_leftOut} were not run"
            : "all hold");
        return _failures + _missed == 0 ? 0 : 1;
    }

    /// <summary>Whether a scenario has failed.</summary>
    public bool HasFailures => _failures > 0;

    private void Row(Scenario scenario, string seconds, string verdict) =>
        output.WriteLine($"| {scenario.Name} | {scenario.What} | {seconds} | {verdict} |");

    private string Fail(Scenario scenario, Lab lab, string why)
    {
        _failures++;
        foreach (var process in lab.Processes)
        {
            _lastWords.Add("");
            _lastWords.Add($"{scenario.Name}: the last lines of {process.LogFile}");
            _lastWords.AddRange(process.Tail().Select(line => $"    {line}"));
        }

        return $"FAILED: {why.ReplaceLineEndings(" ")}";
    }
}
