using Involute.Runs.Configuration;
using Involute.Runs.Folders;
using Involute.Runs.Opening;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tests;
using Xunit;

namespace Involute.Runs.Tests.Opening;

public sealed class BeginningTests : IDisposable
{
    private readonly ScratchFolder _runs = new();

    private static RunConfiguration Small { get; } = new()
    {
        Task = new QuadraticOptions { Dimension = 4 },
        Optimizer = new LearnableSgdOptions(),
        Threads = 1,
    };

    public void Dispose() => _runs.Dispose();

    [Fact]
    public async Task Runs_without_a_name_that_begin_at_the_same_moment_all_begin()
    {
        const int Runs = 12;
        using var together = new Barrier(Runs);
        var begun = await Task.WhenAll(Enumerable.Range(0, Runs).Select(_ => Task.Factory.StartNew(
            () =>
            {
                together.SignalAndWait(TestContext.Current.CancellationToken);
                return OpenRun.BeginAsync(Small, _runs.Path, name: null, TestContext.Current.CancellationToken);
            },
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));

        var names = begun.Select(run => run.Folder.RunId).Order(StringComparer.Ordinal);
        Assert.Equal(
            Enumerable.Range(1, Runs).Select(number => $"quadratic-sgd-persistent-es-{number}")
                .Order(StringComparer.Ordinal),
            names);
        foreach (var run in begun)
        {
            await run.DisposeAsync();
        }
    }

    [Fact]
    public async Task Of_those_that_ask_for_one_name_one_begins_and_the_others_are_told()
    {
        await using var first = await BeginAsync("one");
        var refused = await Assert.ThrowsAsync<RunRefusedException>(() => BeginAsync("one"));

        Assert.Equal(
            $"{first.Folder.FullPath} already exists: resume that run, or choose another name", refused.Message);
        Assert.Equal([first.Folder.FullPath], Directory.GetFileSystemEntries(_runs.Path));
    }

    [Fact]
    public async Task What_a_learner_has_changed_while_it_led_a_standby_goes_by_when_it_leads()
    {
        await using var leading = await BeginAsync("one");
        await using var standby = OpenRun.StandBy(leading.Folder, leading.Configuration);
        Assert.Null(leading.Operate(leading.Configuration with { OuterSteps = 1234, CheckpointInterval = 7 }));
        Assert.Equal(1234, leading.Configuration.OuterSteps);
        Assert.NotEqual(1234, standby.Configuration.OuterSteps);
        Assert.Equal((1234, 7), (standby.Renewed().OuterSteps, standby.Configuration.CheckpointInterval));

        Directory.Delete(leading.Folder.FullPath, recursive: true);
        Assert.Contains("cannot be written", leading.Operate(leading.Configuration), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_wrote_nothing_into_its_ledger_leaves_no_folder()
    {
        var run = await BeginAsync("one");
        Assert.True(Directory.Exists(run.Folder.FullPath));

        await run.DisposeAsync();

        Assert.Empty(Directory.GetFileSystemEntries(_runs.Path));
    }

    [Fact]
    public async Task A_run_whose_folder_says_that_its_ledger_began_stays()
    {
        var run = await BeginAsync("one");
        run.Folder.WriteLedgerMark(new LedgerMark("writer", 0));

        await run.DisposeAsync();

        Assert.Equal([run.Folder.FullPath], Directory.GetFileSystemEntries(_runs.Path));
    }

    [Fact]
    public void A_folder_that_cannot_be_filled_is_not_left_behind()
    {
        var folder = RunFolder.Create(_runs.Path, "one", "first");

        Assert.Throws<RunNameTakenException>(() => RunFolder.Create(_runs.Path, "one", "second"));

        Assert.Equal([folder.FullPath], Directory.GetFileSystemEntries(_runs.Path));
    }

    [Fact]
    public void What_a_killed_process_was_making_is_swept_later()
    {
        foreach (var name in new[] { ".new-old-1", ".new-young-1" })
        {
            Directory.CreateDirectory(_runs.File(name));
            File.WriteAllText(_runs.File(Path.Combine(name, "config.conf")), "half");
        }

        Directory.SetLastWriteTimeUtc(_runs.File(".new-old-1"), TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-2));

        RunFolder.Create(_runs.Path, "one", "ours");

        Assert.Equal(
            [".new-young-1", "one"],
            Directory.GetFileSystemEntries(_runs.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_run_that_has_begun_stays_although_nothing_is_written_yet()
    {
        var run = await BeginAsync("one");
        run.Keep();

        await run.DisposeAsync();

        Assert.Equal([run.Folder.FullPath], Directory.GetFileSystemEntries(_runs.Path));
    }

    [Fact]
    public void What_a_process_of_the_same_number_elsewhere_is_making_is_not_touched()
    {
        var other = Path.Combine(_runs.Path, $".new-one-{Environment.ProcessId}");
        Directory.CreateDirectory(other);
        File.WriteAllText(Path.Combine(other, "config.conf"), "other");

        RunFolder.Create(_runs.Path, "one", "ours");

        Assert.Equal("other", File.ReadAllText(Path.Combine(other, "config.conf")));
        Assert.Equal("ours", File.ReadAllText(_runs.File(Path.Combine("one", "config.conf"))));
    }

    private Task<OpenRun> BeginAsync(string name) =>
        OpenRun.BeginAsync(Small, _runs.Path, name, TestContext.Current.CancellationToken);
}
