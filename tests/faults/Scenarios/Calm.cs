namespace Involute.Faults.Scenarios;

/// <summary>Nothing is disturbed.</summary>
internal static class Calm
{
    /// <summary><c>train --workers N</c>.</summary>
    public static async Task<string> RunAsync(Lab lab, string run, int workers)
    {
        var (code, output) = await lab.RunAsync(lab.Begin("train", run, "--workers", $"{workers}"));
        Lab.Require(code == 0, $"train ended with {code}: {output}");
        return "";
    }
}
