using System.Text.RegularExpressions;
using Xunit;

namespace Involute.Host.Tests.CommandLine;

/// <summary>A ledger that is gone, replaced or cut short is noticed, also while the run goes on.</summary>
[Trait("Speed", "slow")]
public sealed partial class LostLedgerTests(FinishedRun finished) : IClassFixture<FinishedRun>, IDisposable
{
    // So many steps mean that the store has answered (LearnerSettings.MaxUnsavedSteps).
    private const int MoreThanMayBeUnsaved = 300;

    private readonly RunsOnDisk _runs = finished.Runs.Copy("short", "long");

    public void Dispose() => _runs.Dispose();

    [Fact]
    public async Task A_ledger_that_is_gone_is_65_also_of_a_run_that_was_killed()
    {
        // What kill -9 leaves: nothing has been written at the end.
        File.Delete(_runs.File("short", "status.json"));
        foreach (var file in Directory.GetFiles(Path.Combine(_runs.Path, "short"), "run.db*"))
        {
            File.Delete(file);
        }

        await ExpectAsync("the ledger is gone, and ledger.json tells of a checkpoint of step 21");
        Assert.False(File.Exists(_runs.File("short", "run.db")));
    }

    [Fact]
    public async Task The_ledger_of_another_run_of_the_same_name_is_65()
    {
        using var others = new RunsOnDisk();
        (await others.TrainAsync("short", $"outer-steps={FinishedRun.Short}")).Expect(0);
        File.Copy(others.File("short", "run.db"), _runs.File("short", "run.db"), overwrite: true);

        await ExpectAsync("another ledger than the run began with");
    }

    [Fact]
    public async Task A_ledger_that_was_cut_short_with_its_checkpoints_is_65()
    {
        using (var database = new RunDatabaseFile(_runs.File("short", "run.db")))
        {
            database.Execute("DELETE FROM journal WHERE sequence_number > 4; DELETE FROM snapshot");
        }

        await ExpectAsync("the ledger ends at step 3, and ledger.json tells of a checkpoint of step 21");
    }

    [Fact]
    public async Task A_run_that_has_committed_nothing_may_begin_again()
    {
        // Its store was away: 21 steps were computed, and none was written down.
        foreach (var file in Directory.GetFiles(Path.Combine(_runs.Path, "short"), "run.db*"))
        {
            File.Delete(file);
        }

        var mark = _runs.File("short", "ledger.json");
        var text = await File.ReadAllTextAsync(mark, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            mark, LedgerId().Replace(text, "\"ledger\": null"), TestContext.Current.CancellationToken);

        (await _runs.ResumeAsync("short", $"outer-steps={FinishedRun.Long}")).Expect(0);
        Assert.Equal(await _runs.ThetaAsync("long"), await _runs.ThetaAsync("short"));
    }

    [Fact]
    public async Task A_database_that_is_moved_away_ends_the_run_with_74_at_its_next_checkpoint()
    {
        using var process = InvoluteProcess.Start(_runs.Training("moved", $"outer-steps={RunsOnDisk.Endless}"));
        await process.LineAsync("outer step 1/");
        await FileEvents.LinesAsync(Path.Combine(_runs.Path, "moved"), "metrics.csv", MoreThanMayBeUnsaved);
        var elsewhere = Directory.CreateDirectory(Path.Combine(_runs.Path, "elsewhere")).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(_runs.Path, "moved"), "run.db*"))
        {
            File.Move(file, Path.Combine(elsewhere, Path.GetFileName(file)));
        }

        var outcome = (await process.EndAsync()).Expect(74);
        Assert.Contains("is not there: the database was moved or replaced", outcome.Errors[^1], StringComparison.Ordinal);
        Assert.False(File.Exists(_runs.File("moved", "run.db")));

        foreach (var file in Directory.GetFiles(elsewhere))
        {
            File.Move(file, _runs.File("moved", Path.GetFileName(file)));
        }

        (await InvoluteProcess.RunAsync(["verify", "moved", "--runs", _runs.Path])).Expect(0);
        var step = (await _runs.ShowAsync("moved")).GetProperty("outerStep").GetInt32();
        (await _runs.ResumeAsync("moved", $"outer-steps={step + 5}")).Expect(0);
    }

    private async Task ExpectAsync(string problem)
    {
        foreach (var command in new[] { "verify", "show", "eval", "resume" })
        {
            (await InvoluteProcess.RunAsync([command, "short", "--runs", _runs.Path]))
                .ExpectOneLine(65, _runs.File("short", "run.db"), problem);
        }
    }

    [GeneratedRegex("\"ledger\": \"[^\"]+\"")]
    private static partial Regex LedgerId();
}
