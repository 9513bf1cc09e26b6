using System.Diagnostics;
using Involute.Runs.Claims;
using Involute.Tests;
using Xunit;

namespace Involute.Runs.Tests.Claims;

[Trait("Speed", "slow")]
public sealed class FolderClaimTests
{
    [Fact]
    public async Task The_second_learner_is_told_who_holds_the_run()
    {
        using var folder = new TemporaryFolder();
        using var held = await ClaimAsync(folder.Path);

        var refusal = await Assert.ThrowsAsync<RunClaimedException>(() => ClaimAsync(folder.Path));

        Assert.StartsWith(
            $"pid {Environment.ProcessId} on {Environment.MachineName} since ", refusal.Claimant,
            StringComparison.Ordinal);
        Assert.Contains(refusal.Claimant, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(refusal.Claimant, FolderClaim.Claimant(folder.Path));
    }

    [Fact]
    public async Task A_run_is_held_as_long_as_the_lock_lives()
    {
        using var folder = new TemporaryFolder();
        Assert.False(FolderClaim.IsClaimed(folder.Path));
        Assert.Empty(Directory.GetFiles(folder.Path));

        using (await ClaimAsync(folder.Path))
        {
            Assert.True(FolderClaim.IsClaimed(folder.Path));
        }

        Assert.False(FolderClaim.IsClaimed(folder.Path));
        using var again = await ClaimAsync(folder.Path);
    }

    [Fact]
    public async Task A_lock_of_another_process_holds_and_ends_when_that_is_killed()
    {
        // flock(1) of util-linux takes the same kind of lock as a learner does.
        Assert.SkipUnless(File.Exists("/usr/bin/flock"), "needs flock(1)");
        using var folder = new TemporaryFolder();
        using (await ClaimAsync(folder.Path))
        {
        }

        var start = new ProcessStartInfo(
            "/usr/bin/flock", [Path.Combine(folder.Path, "lock"), "sh", "-c", "echo held; exec cat"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var other = Process.Start(start)!;
        Assert.Equal("held", await other.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));

        Assert.True(FolderClaim.IsClaimed(folder.Path));
        await Assert.ThrowsAsync<RunClaimedException>(() => ClaimAsync(folder.Path));

        other.Kill(entireProcessTree: true);
        await other.WaitForExitAsync(TestContext.Current.CancellationToken);
        using var mine = await ClaimAsync(folder.Path);
        Assert.True(FolderClaim.IsClaimed(folder.Path));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_not_taken_for_a_held_one()
    {
        using var folder = new TemporaryFolder();

        await Assert.ThrowsAsync<DirectoryNotFoundException>(() => ClaimAsync(Path.Combine(folder.Path, "none")));
    }

    private static Task<FolderClaim> ClaimAsync(string folder) =>
        FolderClaim.ClaimAsync(folder, TimeProvider.System, TestContext.Current.CancellationToken);
}
