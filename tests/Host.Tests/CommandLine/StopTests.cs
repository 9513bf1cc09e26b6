using Xunit;

namespace Involute.Host.Tests.CommandLine;

/// <summary>A run that is asked to end while its store is locked for longer than any test lasts.</summary>
[Trait("Speed", "slow")]
public sealed class StopTests : IDisposable
{
    private const string Newest = "the newest checkpoint is of step ";

    private readonly RunsOnDisk _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public async Task A_stop_does_not_wait_for_a_locked_store()
    {
        InvoluteOutcome ended;
        using (var process = InvoluteProcess.Start(_runs.Training("a", $"outer-steps={RunsOnDisk.Endless}")))
        {
            await process.LineAsync("outer step 1/");
            await FileEvents.LinesAsync(Path.Combine(_runs.Path, "a"), "metrics.csv", 50);
            using var database = new RunDatabaseFile(_runs.File("a", "run.db"));
            database.Execute("BEGIN EXCLUSIVE");
            await process.ErrorAsync("the store does not answer");
            process.Signal(InvoluteProcess.Terminate);
            ended = (await process.EndAsync()).Expect(143);
        }

        Assert.Contains(ended.Errors, line => line.Contains(Newest, StringComparison.Ordinal));
        Assert.Equal("interrupted", (await _runs.ShowAsync("a")).GetProperty("status").GetString());
        var steps = (await _runs.ShowAsync("a")).GetProperty("outerStep").GetInt32() + 400;
        (await _runs.ResumeAsync("a", $"outer-steps={steps}")).Expect(0);
        (await _runs.TrainAsync("b", $"outer-steps={steps}")).Expect(0);
        await _runs.AssertSameAsync("b", "a");
    }

    [Fact]
    public async Task A_resume_that_waits_for_its_store_can_be_stopped()
    {
        (await _runs.TrainAsync("a", "outer-steps=20")).Expect(0);
        var theta = await _runs.ThetaAsync("a");
        using (var database = new RunDatabaseFile(_runs.File("a", "run.db")))
        {
            database.Execute("BEGIN EXCLUSIVE");
            using var process = InvoluteProcess.Start(_runs.Resuming("a", "outer-steps=30"));
            await process.ErrorAsync("waiting for it");
            process.Signal(InvoluteProcess.Terminate);
            Assert.Contains("stopped before the run went on", (await process.EndAsync()).Expect(143).AllErrors);
        }

        Assert.Equal(theta, await _runs.ThetaAsync("a"));
    }
}
