using Xunit;

namespace Involute.Host.Tests.CommandLine;

[Trait("Speed", "slow")]
public sealed class InterruptionTests : IDisposable
{
    private readonly RunsOnDisk _runs = new();

    public void Dispose() => _runs.Dispose();

    [Theory]
    [InlineData(InvoluteProcess.HangUp, 129)]
    [InlineData(InvoluteProcess.Interrupt, 130)]
    [InlineData(InvoluteProcess.User1, 138)]
    [InlineData(InvoluteProcess.Terminate, 143)]
    public async Task A_signal_ends_a_run_with_a_checkpoint_and_resume_goes_on(int signal, int exitCode)
    {
        Assert.SkipWhen(
            IsIgnoredHere(signal),
            $"signal {signal} is ignored here (a shell's background job?), and so in every process that is started");
        using (var process = InvoluteProcess.Start(_runs.Training("a", $"outer-steps={RunsOnDisk.Endless}")))
        {
            await process.LineAsync("outer step 1/");
            process.Signal(signal);
            (await process.EndAsync()).ExpectOneLine(exitCode, "checkpoint", "resume");
        }

        var shown = await _runs.ShowAsync("a");
        var step = shown.GetProperty("outerStep").GetInt32();
        Assert.Equal("interrupted", shown.GetProperty("status").GetString());
        Assert.Equal(step, shown.GetProperty("checkpointStep").GetInt32());
        await AssertResumesAsync(step + 20);
    }

    [Fact]
    public async Task A_kill_at_any_moment_changes_nothing()
    {
        using (var process = InvoluteProcess.Start(_runs.Training("a", $"outer-steps={RunsOnDisk.Endless}")))
        {
            await process.LineAsync("run a in ");
            await process.KillAsync();
        }

        // Before the first step (no line to wait for), in the first steps, between two checkpoints.
        foreach (var moreRows in new[] { 1, 2, 12, 40 })
        {
            var rows = Rows() + moreRows;
            using var process = InvoluteProcess.Start(_runs.Resuming("a"));
            await process.LineAsync("run a in ");
            await FileEvents.LinesAsync(Path.Combine(_runs.Path, "a"), "metrics.csv", rows);
            await process.KillAsync();
            Assert.Equal("crashed", (await _runs.ShowAsync("a")).GetProperty("status").GetString());
        }

        await AssertResumesAsync((await _runs.ShowAsync("a")).GetProperty("outerStep").GetInt32() + 20);
    }

    [Fact]
    public async Task A_run_that_was_started_with_nohup_outlives_its_terminal()
    {
        // What nohup does, without its own files.
        using var process = InvoluteProcess.StartIn(
            "trap '' HUP; exec \"$@\"", _runs.Training("a", $"outer-steps={RunsOnDisk.Endless}"));
        await process.LineAsync("outer step 1/");
        process.Signal(InvoluteProcess.HangUp);
        await FileEvents.LinesAsync(Path.Combine(_runs.Path, "a"), "metrics.csv", Rows() + 100);
        process.Signal(InvoluteProcess.Terminate);
        (await process.EndAsync()).ExpectOneLine(143, "checkpoint saved");
    }

    private int Rows() =>
        File.Exists(_runs.File("a", "metrics.csv")) ? File.ReadLines(_runs.File("a", "metrics.csv")).Count() : 0;

    private async Task AssertResumesAsync(int outerSteps)
    {
        Assert.Empty((await _runs.ResumeAsync("a", $"outer-steps={outerSteps}")).Expect(0).Errors);
        (await _runs.TrainAsync("uninterrupted", $"outer-steps={outerSteps}")).Expect(0);
        await _runs.AssertSameAsync("uninterrupted", "a");
        Assert.Equal("finished", (await _runs.ShowAsync("a")).GetProperty("status").GetString());
    }

    internal static bool IsIgnoredHere(int signal) =>
        File.Exists("/proc/self/status")
        && File.ReadLines("/proc/self/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is var line
        && (Convert.ToUInt64(line["SigIgn:".Length..].Trim(), 16) >> (signal - 1) & 1) == 1;
}
