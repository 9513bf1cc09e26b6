using System.Diagnostics;
using Involute.Tests;
using Xunit;

namespace Involute.Processes.Tests;

/// <summary>No child outlives the process that started it, however that ends.</summary>
[Trait("Speed", "slow")]
public sealed class LifetimeTests
{
    [Fact]
    public async Task A_child_that_ignores_all_else_ends_when_its_parent_is_killed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux ends the children of a killed process");
        var child = await EndedAsync(parent => parent.Kill());

        await OtherProcess.EndedAsync(child);
    }

    [Fact]
    public async Task It_ends_when_its_parent_ends() => await OtherProcess.EndedAsync(
        await EndedAsync(parent => parent.StandardInput.Close()));

    [Fact]
    public async Task It_has_a_session_of_its_own()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "sessions are Linux's");
        using var folder = new ScratchFolder();
        using var problem = TestChild.Start("serve", "drift", $"pid={folder.File("pid")}");
        var number = (await File.ReadAllTextAsync(folder.File("pid"), TestContext.Current.CancellationToken)).Trim();

        // Fields behind the name: state, parent, group, session.
        var fields = (await File.ReadAllTextAsync($"/proc/{number}/stat", TestContext.Current.CancellationToken)).Split(") ")[^1].Split(' ');
        Assert.Equal((number, number), (fields[2], fields[3]));
    }

    // Starts a parent with a child, ends the parent in some way, and gives the number of the child.
    private static async Task<string> EndedAsync(Action<Process> end)
    {
        using var folder = new ScratchFolder();
        var start = new ProcessStartInfo(TestChild.Command()[0], TestChild.Command().Skip(1).Concat(
            ["parent", .. TestChild.Command("ignores-end", "drift", $"pid={folder.File("pid")}")]))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var parent = Process.Start(start)!;
        Assert.Equal("has drift", await parent.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        var child = (await File.ReadAllTextAsync(folder.File("pid"), TestContext.Current.CancellationToken)).Trim();
        Assert.True(OtherProcess.Lives(child));
        end(parent);
        await parent.WaitForExitAsync(TestContext.Current.CancellationToken);
        return child;
    }
}
