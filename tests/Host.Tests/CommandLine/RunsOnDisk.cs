using System.Text.Json;
using Involute.Tests;
using Xunit;

namespace Involute.Host.Tests.CommandLine;

/// <summary>A folder of runs, as a user of the command sees it.</summary>
internal sealed class RunsOnDisk : IDisposable
{
    /// <summary>More outer steps than any test waits for: such a run ends by a signal.</summary>
    public const int Endless = 1_000_000;

    // Small enough for a few hundred outer steps in a second; pairs out of lockstep, with resets inside windows.
    public static readonly string[] Small =
    [
        "task=fixed-dim-quadratic", "pairs=4", "pairs-per-actor=2", "window=5", "threads=1", "checkpoint-interval=7",
        "truncation={ schedule = log-uniform, min = 4, max = 40, offset = 30 }",
    ];

    private readonly ScratchFolder _folder = new();

    public string Path => _folder.Path;

    public string File(string run, string name) => System.IO.Path.Combine(Path, run, name);

    /// <summary>Settings below <c>involute</c> as options.</summary>
    public static IEnumerable<string> Set(params IEnumerable<string> settings) =>
        settings.SelectMany(setting => new[] { "--set", $"involute.{setting}" });

    /// <summary>The options of a small run.</summary>
    public IEnumerable<string> Training(string run, params IEnumerable<string> settings) =>
        ["train", "--name", run, "--runs", Path, "--no-eval", .. Set(Small), .. Set(settings)];

    public IEnumerable<string> Resuming(string run, params IEnumerable<string> settings) =>
        ["resume", run, "--runs", Path, "--no-eval", .. Set(settings)];

    public Task<InvoluteOutcome> TrainAsync(string run, params IEnumerable<string> settings) =>
        InvoluteProcess.RunAsync(Training(run, settings));

    public Task<InvoluteOutcome> ResumeAsync(string run, params IEnumerable<string> settings) =>
        InvoluteProcess.RunAsync(Resuming(run, settings));

    /// <summary>The object of <c>show --json</c>.</summary>
    public async Task<JsonElement> ShowAsync(string run)
    {
        var shown = (await InvoluteProcess.RunAsync(["show", run, "--runs", Path, "--json"])).Expect(0);
        return JsonElement.Parse(Assert.Single(shown.Output));
    }

    public async Task<string> ThetaAsync(string run) => (await ShowAsync(run)).GetProperty("thetaSha256").GetString()!;

    /// <summary>Compares a run with another: theta and every byte of the metrics.</summary>
    public async Task AssertSameAsync(string expected, string actual)
    {
        Assert.Equal(await ThetaAsync(expected), await ThetaAsync(actual));
        foreach (var table in new[] { "metrics.csv", "pairs.csv" })
        {
            Assert.Equal(
                await System.IO.File.ReadAllBytesAsync(File(expected, table), TestContext.Current.CancellationToken),
                await System.IO.File.ReadAllBytesAsync(File(actual, table), TestContext.Current.CancellationToken));
        }
    }

    /// <summary>What is in the folder of runs; empty if nothing was written.</summary>
    public IReadOnlyList<string> Entries() => Directory.GetFileSystemEntries(Path);

    /// <summary>A copy of the files of some runs, under their own names: the name is part of what a run is.</summary>
    public RunsOnDisk Copy(params IEnumerable<string> runs)
    {
        var copy = new RunsOnDisk();
        foreach (var run in runs)
        {
            Directory.CreateDirectory(System.IO.Path.Combine(copy.Path, run));
            foreach (var file in Directory.GetFiles(System.IO.Path.Combine(Path, run)))
            {
                System.IO.File.Copy(file, copy.File(run, System.IO.Path.GetFileName(file)));
            }
        }

        return copy;
    }

    public void Dispose() => _folder.Dispose();
}
