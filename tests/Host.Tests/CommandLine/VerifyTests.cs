using System.Text.Json;
using Xunit;

namespace Involute.Host.Tests.CommandLine;

/// <summary>Runs without a violation: ended, running, killed, resumed, not begun.</summary>
[Trait("Speed", "slow")]
public sealed class VerifyTests(FinishedRun finished) : IClassFixture<FinishedRun>, IDisposable
{
    private static readonly string[] Checks =
        ["journal", "identity", "epochs", "steps", "chain", "pairs", "finite", "commits", "computation", "checkpoints", "replay"];

    // A new run does not wait for its store, but pauses when the store is 256 steps behind (LearnerSettings).
    private const int MoreThanMayBeUnsaved = 300;

    private readonly RunsOnDisk _runs = finished.Runs.Copy("short");

    public void Dispose() => _runs.Dispose();

    [Fact]
    public async Task A_finished_run_holds_together_and_is_left_as_it_is()
    {
        var before = Content();
        var outcome = (await VerifyAsync("short")).Expect(0);

        Assert.Empty(outcome.Errors);
        Assert.Equal("run short, ledger up to outer step 21", outcome.Output[0]);
        Assert.Equal(Checks, outcome.Output.Skip(2).Take(Checks.Length).Select(line => line.Split(' ')[0]));
        Assert.All(outcome.Output.Skip(2).Take(10), line => Assert.EndsWith("  ok", line, StringComparison.Ordinal));
        Assert.EndsWith("  not checked", outcome.Output[12], StringComparison.Ordinal);
        Assert.Equal("no violation", outcome.Output[^1]);
        Assert.Equal(before, Content());
    }

    [Fact]
    public async Task A_finished_run_is_recomputed_from_its_start_bit_for_bit()
    {
        var before = Content();
        var outcome = (await VerifyAsync("short", "--replay", "--from-start", "--json")).Expect(0);

        var report = JsonElement.Parse(Assert.Single(outcome.Output));
        Assert.Equal(
            ("short", 21, 0),
            (report.GetProperty("runId").GetString(), report.GetProperty("outerStep").GetInt32(),
                report.GetProperty("violations").GetInt32()));
        var checks = report.GetProperty("checks").EnumerateArray().ToArray();
        Assert.Equal(Checks, checks.Select(check => check.GetProperty("name").GetString()));
        Assert.All(checks, check => Assert.Equal("ok", check.GetProperty("verdict").GetString()));
        Assert.Equal("recomputing outer steps 1 to ", outcome.Errors[0][..29]);
        Assert.StartsWith(
            "21 steps recomputed from steps 0, ", checks[^1].GetProperty("lookedAt").GetString(),
            StringComparison.Ordinal);
        Assert.Equal(before, Content());
    }

    [Fact]
    public async Task A_run_is_verified_while_it_goes_on_and_does_not_notice()
    {
        using var training = InvoluteProcess.Start(_runs.Training("a", $"outer-steps={RunsOnDisk.Endless}"));
        await training.LineAsync("outer step 1/");
        var seen = new List<int>();
        for (var i = 0; i < 3; i++)
        {
            var outcome = (await VerifyAsync("a", "--json", "--replay", "--steps", "5")).Expect(0);
            seen.Add(JsonElement.Parse(outcome.AllOutput).GetProperty("outerStep").GetInt32());
        }

        training.Signal(InvoluteProcess.Terminate);
        (await training.EndAsync()).ExpectOneLine(143, "checkpoint", "resume");
        Assert.Equal(seen.Order(), seen);
        Assert.True((await _runs.ShowAsync("a")).GetProperty("outerStep").GetInt32() >= seen[^1]);
    }

    [Fact]
    public async Task After_every_kill_and_resume_there_is_no_violation()
    {
        foreach (var (arguments, moreRows) in new[]
        {
            (_runs.Training("a", $"outer-steps={RunsOnDisk.Endless}"), MoreThanMayBeUnsaved),
            (_runs.Resuming("a"), 12),
            (_runs.Resuming("a"), 40),
        })
        {
            await KillAtAsync(arguments, Rows() + moreRows);
            (await VerifyAsync("a", "--replay")).Expect(0);
        }

        var epochs = (await VerifyAsync("a")).Output.Single(
            line => line.StartsWith("epochs", StringComparison.Ordinal));
        Assert.Contains("3 epochs, 3 writers", epochs, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_without_a_checkpoint_is_recomputed_from_its_start()
    {
        await KillAtAsync(
            _runs.Training("a", $"outer-steps={RunsOnDisk.Endless}", $"checkpoint-interval={RunsOnDisk.Endless}"),
            MoreThanMayBeUnsaved);

        var outcome = (await VerifyAsync("a", "--replay", "--steps", "30")).Expect(0);
        Assert.Contains(
            outcome.Output,
            line => line.Contains("30 steps recomputed from step 0, 0 checkpoints compared", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_run_that_has_not_begun_has_nothing_to_check_and_one_whose_ledger_is_gone_is_65()
    {
        File.Delete(_runs.File("short", "run.db"));
        (await VerifyAsync("short")).ExpectOneLine(
            65, _runs.File("short", "run.db"), "the ledger is gone", "ledger.json tells of a checkpoint of step 21");

        // Folders of versions before 0.3 have no such file.
        File.Delete(_runs.File("short", "ledger.json"));
        (await VerifyAsync("short")).ExpectOneLine(
            65, _runs.File("short", "run.db"), "the ledger is gone", "21 outer steps");

        File.Delete(_runs.File("short", "status.json"));
        var outcome = (await VerifyAsync("short")).Expect(0);
        Assert.Equal(
            Checks.Length, outcome.Output.Count(line => line.EndsWith("  not checked", StringComparison.Ordinal)));
        Assert.False(File.Exists(_runs.File("short", "run.db")));
    }

    [Fact]
    public async Task A_learner_that_was_killed_before_it_made_its_tables_has_left_nothing_to_check()
    {
        File.Delete(_runs.File("short", "status.json"));
        File.Delete(_runs.File("short", "ledger.json"));
        await File.WriteAllBytesAsync(_runs.File("short", "run.db"), [], TestContext.Current.CancellationToken);
        var outcome = (await VerifyAsync("short", "--replay")).Expect(0);
        Assert.Equal(
            Checks.Length, outcome.Output.Count(line => line.EndsWith("  not checked", StringComparison.Ordinal)));
    }

    private async Task KillAtAsync(IEnumerable<string> arguments, int rows)
    {
        using var process = InvoluteProcess.Start(arguments);
        await process.LineAsync("run a in ");
        await FileEvents.LinesAsync(Path.Combine(_runs.Path, "a"), "metrics.csv", rows);
        await process.KillAsync();
    }

    private Task<InvoluteOutcome> VerifyAsync(string run, params string[] options) =>
        InvoluteProcess.RunAsync(["verify", run, "--runs", _runs.Path, .. options]);

    private int Rows() =>
        File.Exists(_runs.File("a", "metrics.csv")) ? File.ReadLines(_runs.File("a", "metrics.csv")).Count() : 0;

    private List<string> Content() =>
    [
        .. Directory.GetFiles(Path.Combine(_runs.Path, "short")).Order().Select(
            file => $"{file} {Convert.ToHexString(File.ReadAllBytes(file))}"),
    ];
}
