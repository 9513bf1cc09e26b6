namespace Involute.Faults;

/// <summary>The table of what was done and what came of it, printed as it grows.</summary>
internal sealed class FaultReport(TextWriter output)
{
    /// <summary>Scenarios that did not hold.</summary>
    public int Failures { get; private set; }

    /// <summary>The head, once the reference is known.</summary>
    public void Begin(string theta, TimeSpan took)
    {
        output.WriteLine($"reference, one process: theta {theta}, {took.TotalSeconds:0} s");
        output.WriteLine();
        output.WriteLine("| scenario | what | seconds | verdict |");
        output.WriteLine("|---|---|---|---|");
    }

    /// <summary>Runs a scenario and adds its row.</summary>
    public async Task AddAsync(Scenario scenario, Func<Task<string>> run)
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
            Failures++;
            verdict = $"FAILED: {fault.Message.ReplaceLineEndings(" ")}";
        }

        var seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        output.WriteLine($"| {scenario.Name} | {scenario.What} | {seconds:0} | {verdict} |");
    }

    /// <summary>The end; returns the exit code.</summary>
    public int End(string folder)
    {
        output.WriteLine();
        output.WriteLine(Failures == 0 ? "all hold" : $"{Failures} failed; the runs and their logs are kept in {folder}");
        return Failures == 0 ? 0 : 1;
    }
}
