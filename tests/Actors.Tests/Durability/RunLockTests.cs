using System.Diagnostics;
using Involute.Actors.Durability;
using Xunit;

namespace Involute.Actors.Tests.Durability;

[Trait("Speed", "slow")]
public sealed class RunLockTests
{
    [Fact]
    public void The_second_learner_is_told_who_holds_the_run()
    {
        using var folder = new TemporaryFolder();
        using var held = RunLock.Acquire(folder.Path, TimeProvider.System);

        var refusal = Assert.Throws<RunHeldException>(() => RunLock.Acquire(folder.Path, TimeProvider.System));

        Assert.StartsWith(
            $"pid {Environment.ProcessId} on {Environment.MachineName} since ", refusal.Holder, StringComparison.Ordinal);
        Assert.Contains(refusal.Holder, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(refusal.Holder, RunLock.Holder(folder.Path));
    }

    [Fact]
    public void A_run_is_held_as_long_as_the_lock_lives()
    {
        using var folder = new TemporaryFolder();
        Assert.False(RunLock.IsHeld(folder.Path));
        Assert.Empty(Directory.GetFiles(folder.Path));

        using (RunLock.Acquire(folder.Path, TimeProvider.System))
        {
            Assert.True(RunLock.IsHeld(folder.Path));
        }

        Assert.False(RunLock.IsHeld(folder.Path));
        using var again = RunLock.Acquire(folder.Path, TimeProvider.System);
    }

    [Fact]
    public async Task A_lock_of_another_process_holds_and_ends_when_that_is_killed()
    {
        // flock(1) of util-linux takes the same kind of lock as a learner does.
        Assert.SkipUnless(File.Exists("/usr/bin/flock"), "needs flock(1)");
        using var folder = new TemporaryFolder();
        using (RunLock.Acquire(folder.Path, TimeProvider.System))
        {
        }

        var start = new ProcessStartInfo("/usr/bin/flock", [Path.Combine(folder.Path, "lock"), "sh", "-c", "echo held; exec cat"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var other = Process.Start(start)!;
        Assert.Equal("held", await other.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));

        Assert.True(RunLock.IsHeld(folder.Path));
        Assert.Throws<RunHeldException>(() => RunLock.Acquire(folder.Path, TimeProvider.System));

        other.Kill(entireProcessTree: true);
        await other.WaitForExitAsync(TestContext.Current.CancellationToken);
        using var mine = RunLock.Acquire(folder.Path, TimeProvider.System);
        Assert.True(RunLock.IsHeld(folder.Path));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_not_taken_for_a_held_one()
    {
        using var folder = new TemporaryFolder();

        Assert.Throws<DirectoryNotFoundException>(
            () => RunLock.Acquire(Path.Combine(folder.Path, "none"), TimeProvider.System));
    }
}
