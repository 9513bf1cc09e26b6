using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Involute.Host.Tests.CommandLine;

[Trait("Speed", "slow")]
public sealed class ListeningTests : IDisposable
{
    private readonly RunsOnDisk _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public async Task A_second_process_on_a_port_ends_with_one_line_and_leaves_nothing()
    {
        using var first = Learner("a", "127.0.0.1:0");
        var address = await first.ListenedAsync();
        var port = address.Split(':')[1];

        (await Learner("b", address).EndAsync()).ExpectOneLine(74, $"listens on port {port}", "allowed: another port");
        (await Learner("b", $"localhost:{port}").EndAsync()).ExpectOneLine(74, $"listens on port {port}");
        (await InvoluteProcess.RunAsync(["worker", "--join", address, "--listen", address]))
            .ExpectOneLine(74, $"listens on port {port}");

        Assert.Equal([Path.Combine(_runs.Path, "a")], _runs.Entries());
        await StopAsync(first);
    }

    [Fact]
    public async Task Of_two_that_start_at_the_same_moment_one_listens_and_the_other_leaves_nothing()
    {
        var address = $"127.0.0.1:{FreePort()}";
        using var one = Learner("one", address);
        using var two = Learner("two", address);

        var ended = await await Task.WhenAny(one.EndAsync(), two.EndAsync());

        ended.Expect(74);
        Assert.Contains("cannot listen on", Assert.Single(ended.Errors), StringComparison.Ordinal);
        var stays = ended.Command.Contains("--name one", StringComparison.Ordinal) ? two : one;
        await stays.ListenedAsync();
        Assert.Single(_runs.Entries());
        await StopAsync(stays);
    }

    [Fact]
    public async Task A_learner_that_was_killed_listens_where_it_was_at_once_and_its_worker_comes_back()
    {
        using var first = Learner("a", "127.0.0.1:0");
        var address = await first.ListenedAsync();
        using var worker = InvoluteProcess.Start(["worker", "--join", address, "--threads", "1"]);
        await worker.LineAsync("taking part in run a");
        await first.KillAsync();

        using var again = InvoluteProcess.Start(
            ["learner", "--resume", "a", "--runs", _runs.Path, "--no-eval", "--listen", address]);
        Assert.Equal(address, await again.ListenedAsync());
        await worker.LineAsync("the learner is gone");
        await worker.LineAsync("taking part in run a", after: "the learner is gone");

        await StopAsync(again);
        worker.Signal(InvoluteProcess.Terminate);
        await worker.EndAsync();
    }

    [Theory]
    [InlineData("192.0.2.1:4053", "this machine has no such address")]
    [InlineData("nosuch.invalid:4053", "the name nosuch.invalid does not resolve")]
    public async Task A_place_that_is_not_here_is_one_line_and_leaves_nothing(string listen, string part)
    {
        (await Learner("a", listen, "--insecure").EndAsync()).ExpectOneLine(74, $"cannot listen on {listen}", part);
        Assert.Empty(_runs.Entries());
    }

    [Fact]
    public async Task A_machine_whose_loopback_interface_is_down_is_told_so_before_anything_is_written()
    {
        string[] namespaces = ["unshare", "--map-root-user", "--net"];
        Assert.SkipUnless(await WorksAsync([.. namespaces, "true"]), "no network namespaces here (unshare)");
        IEnumerable<string>[] starts =
        [
            _runs.Training("a").Append("--workers=1"),
            ["learner", .. _runs.Training("a").Skip(1)],
            ["worker", "--join", "127.0.0.1:4053"],
        ];
        foreach (var start in starts)
        {
            (await InvoluteProcess.RunWithinAsync(namespaces, start)).ExpectOneLine(
                74, "cannot listen on 127.0.0.1:0", "loopback interface is down");
        }

        Assert.Empty(_runs.Entries());
    }

    private static async Task<bool> WorksAsync(string[] command)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command[0], command.Skip(1)))!;
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private InvoluteProcess Learner(string name, string listen, params IEnumerable<string> options) =>
        InvoluteProcess.Start(
            ["learner", .. _runs.Training(name, $"outer-steps={RunsOnDisk.Endless}").Skip(1), "--listen", listen,
                .. options]);

    private static async Task StopAsync(InvoluteProcess learner)
    {
        learner.Signal(InvoluteProcess.Terminate);
        (await learner.EndAsync()).Expect(143);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
