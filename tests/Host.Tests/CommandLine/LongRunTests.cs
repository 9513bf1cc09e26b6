using Xunit;

namespace Involute.Host.Tests.CommandLine;

/// <summary>
/// A run that is so long that its history is not read by all commands: what is wrong is the same verdict for each; only
/// the content of old events, which decides nothing any more, is seen by verify alone.
/// </summary>
[Trait("Speed", "slow")]
public sealed class LongRunTests : IDisposable
{
    private const int Steps = 12_000;

    private readonly RunsOnDisk _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public async Task Commands_read_its_end_and_come_to_the_verdict_of_the_whole()
    {
        string[] settings = ["task=memoryless-linear", "window=1", "checkpoint-interval=500"];
        (await _runs.TrainAsync("run", [.. settings, $"outer-steps={Steps}"])).Expect(0);
        (await _runs.TrainAsync("whole", [.. settings, $"outer-steps={Steps + 20}"])).Expect(0);

        // A mean loss far before the checkpoints, with a hash that fits.
        Change(database => database.Forge(100, RunDatabaseFile.MeanLoss, BitConverter.GetBytes(17.0)));
        (await InvoluteProcess.RunAsync(["show", "run", "--runs", _runs.Path])).Expect(0);
        var verdict = (await InvoluteProcess.RunAsync(["verify", "run", "--runs", _runs.Path])).Expect(65);
        Assert.Contains("commits: the commit of checkpoint ", verdict.Errors[^1], StringComparison.Ordinal);

        // It leads to no other theta.
        (await _runs.ResumeAsync("run", $"outer-steps={Steps + 20}")).Expect(0);
        Assert.Equal(await _runs.ThetaAsync("whole"), await _runs.ThetaAsync("run"));

        Change(database => database.Execute("UPDATE journal SET deleted = 1 WHERE sequence_number = 50"));
        await ExpectAsync("journal: sequence 50: the event is marked as deleted; ledger events never are");
        Change(database => database.Execute("DELETE FROM journal WHERE sequence_number = 50"));
        await ExpectAsync("journal: sequence 50 is missing");
    }

    private void Change(Action<RunDatabaseFile> change)
    {
        using var database = new RunDatabaseFile(_runs.File("run", "run.db"));
        change(database);
    }

    private async Task ExpectAsync(string problem)
    {
        foreach (var command in new[] { "verify", "show", "eval", "resume" })
        {
            var outcome = (await InvoluteProcess.RunAsync([command, "run", "--runs", _runs.Path])).Expect(65);
            Assert.StartsWith($"involute: run run: {problem}", outcome.Errors[^1], StringComparison.Ordinal);
        }
    }
}
