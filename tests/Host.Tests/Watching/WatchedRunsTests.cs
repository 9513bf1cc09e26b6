using System.Text.Json;
using Involute.Host.Watching;
using Involute.Runs.Folders;
using Involute.Tests;
using Xunit;

namespace Involute.Host.Tests.Watching;

public sealed class WatchedRunsTests : IDisposable
{
    private static readonly DateTime Noon = new(2026, 11, 28, 12, 0, 0, DateTimeKind.Utc);

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // A finger may be on one: a run that writes does not change its place, and one that begins comes first.
    [Fact]
    public void Runs_are_listed_by_their_beginning_and_keep_their_places_while_they_are_written()
    {
        var older = Begin("older", Noon);
        Begin("newer", Noon.AddHours(1));
        Begin("first-of-two", Noon.AddHours(2));
        Begin("second-of-two", Noon.AddHours(2));
        Directory.CreateDirectory(_folder.File("no-run"));
        older.WriteStatus(new RunStatusFile(RunStatusFile.Interrupted, 7));

        var list = JsonDocument.Parse(new WatchedRuns(_folder.Path, TimeProvider.System).Runs()).RootElement;

        Assert.Equal(
            ["first-of-two", "second-of-two", "newer", "older"],
            list.EnumerateArray().Select(run => run.GetProperty("name").GetString()));
        Assert.Equal(
            ("interrupted", 7, 600),
            (list[3].GetProperty("status").GetString(), list[3].GetProperty("step").GetInt32(), list[3].GetProperty("steps").GetInt32()));
    }

    [Fact]
    public void A_folder_that_is_not_there_yet_has_no_runs() =>
        Assert.Equal("[]", new WatchedRuns(_folder.File("later"), TimeProvider.System).Runs());

    private RunFolder Begin(string name, DateTime at)
    {
        var run = RunFolder.Create(
            _folder.Path, name,
            "involute { outer-steps = 600, task { name = a }, optimizer { name = b }, estimator { name = c }, store { name = sqlite } }");
        File.SetLastWriteTimeUtc(run.Configuration, at);
        return run;
    }
}
