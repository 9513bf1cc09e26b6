using System.Text.Json;
using Involute.Host.Running;
using Involute.Runs;
using Involute.Runs.Folders;
using Involute.Tests;
using Xunit;

namespace Involute.Host.Tests.Running;

/// <summary>What happened to a run, a line each.</summary>
public sealed class RunLogTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly RunFolder _folder;

    public RunLogTests() => _folder = RunFolder.Create(_scratch.Path, "a", "");

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_line_is_an_object_with_what_is_known()
    {
        var log = new RunLog(_folder, TimeProvider.System);
        log.Append(new RunNews("worker-joined", "worker [::1]:4053 joined, \"so\"\nit is") { Step = 7, Node = "[::1]:4053" });
        log.Append(new RunNews(RunNews.Warning, "pair 3 failed") { IsWarning = true, Pair = 3 });

        var lines = File.ReadAllLines(_folder.Log).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(
            ["time", "level", "event", "run", "step", "node", "text"],
            lines[0].EnumerateObject().Select(property => property.Name));
        Assert.Equal(
            ("info", "worker-joined", "a", 7L, "[::1]:4053", "worker [::1]:4053 joined, \"so\"\nit is"),
            (lines[0].GetProperty("level").GetString(), lines[0].GetProperty("event").GetString(),
                lines[0].GetProperty("run").GetString(), lines[0].GetProperty("step").GetInt64(),
                lines[0].GetProperty("node").GetString(), lines[0].GetProperty("text").GetString()));
        Assert.Equal(
            ("warning", 3), (lines[1].GetProperty("level").GetString(), lines[1].GetProperty("pair").GetInt32()));
        Assert.EndsWith("Z", lines[1].GetProperty("time").GetString(), StringComparison.Ordinal);
        Assert.True(lines[1].GetProperty("time").TryGetDateTimeOffset(out _));
    }

    [Fact]
    public void A_line_that_was_cut_off_does_not_spoil_the_next()
    {
        var log = new RunLog(_folder, TimeProvider.System);
        log.Append(new RunNews("x", "first"));
        File.AppendAllText(_folder.Log, "{\"time\":\"20");
        log.Append(new RunNews("x", "last"));

        var lines = File.ReadAllLines(_folder.Log);
        Assert.Equal(3, lines.Length);
        Assert.Equal("last", JsonDocument.Parse(lines[2]).RootElement.GetProperty("text").GetString());
    }

    [Fact]
    public void A_file_that_is_full_is_put_aside_and_the_oldest_goes()
    {
        var log = new RunLog(_folder, TimeProvider.System);
        for (var file = 0; file < RunLog.Kept + 3; file++)
        {
            log.Append(new RunNews("x", $"file {file} {new string('x', (int)RunLog.MostBytes)}"));
        }

        log.Append(new RunNews("x", "last"));
        Assert.Equal(
            ["log.1.jsonl", "log.2.jsonl", "log.3.jsonl", "log.jsonl"],
            Directory.GetFiles(_folder.FullPath, "log*").Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Contains("last", File.ReadAllText(_folder.Log), StringComparison.Ordinal);
        Assert.Contains("file 5 ", File.ReadAllText(Path.Combine(_folder.FullPath, "log.1.jsonl")), StringComparison.Ordinal);
        Assert.Contains("file 3 ", File.ReadAllText(Path.Combine(_folder.FullPath, "log.3.jsonl")), StringComparison.Ordinal);
    }
}
