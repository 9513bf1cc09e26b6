using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using Involute.Commands;
using Involute.Host.Tests.CommandLine;
using Xunit;

namespace Involute.Host.Tests.Operating;

/// <summary>Clients that misbehave, at a process that trains.</summary>
[Trait("Speed", "slow")]
public sealed class ConsoleCrowdTests : IDisposable
{
    private const int Connections = 1000;
    private const long MostGrowth = 128L << 20;

    private readonly RunsOnDisk _runs = new();
    private readonly List<TcpClient> _crowd = [];

    public void Dispose()
    {
        _crowd.ForEach(client => client.Dispose());
        _runs.Dispose();
    }

    [Fact]
    public async Task A_thousand_connections_garbage_and_who_never_reads_do_not_stop_a_run_nor_take_its_memory()
    {
        using var learner = InvoluteProcess.Start(
            [.. _runs.Training("a", $"outer-steps={RunsOnDisk.Endless}"), "--console"]);
        var port = int.Parse(
            (await learner.LineAsync("console on ")).Split(' ')[2].TrimEnd(':').Split(':')[1], CultureInfo.InvariantCulture);
        await GoesOnAsync();
        var before = await MemoryAsync(learner.Id);

        // Of each, more than a console takes; if what they ask for were kept, it would be some hundred MiB.
        byte[] command = ConsoleFrames.Bytes(new ClientFrame { Type = ClientFrame.Run, Words = ["config", "show"] });
        byte[] hello = ConsoleFrames.Bytes(new ClientFrame { Type = ClientFrame.Hello, Protocol = 1, User = "mute" });
        byte[] commands = [.. hello, .. Enumerable.Repeat(command, 10_000).SelectMany(bytes => bytes)];
        for (var mute = 0; mute < 24; mute++)
        {
            Speak(await ConnectAsync(port), commands);
        }

        await GoesOnAsync();
        for (var garbage = 0; garbage < 100; garbage++)
        {
            Speak(await ConnectAsync(port), SHA512.HashData([(byte)garbage]));
        }

        while (_crowd.Count < Connections)
        {
            await ConnectAsync(port);
        }

        await GoesOnAsync();
        await GoesOnAsync();
        var growth = await MemoryAsync(learner.Id) - before;
        Assert.True(growth < MostGrowth, $"{growth >> 20} MiB more");

        // A client that behaves is answered when the others are gone.
        _crowd.ForEach(client => client.Dispose());
        while ((await InvoluteProcess.RunAsync(["console", "a", "--runs", _runs.Path, "version"])) is { ExitCode: not 0 } full)
        {
            full.ExpectOneLine(69, "as many connections as it allows");
        }

        learner.Signal(InvoluteProcess.Terminate);
        (await learner.EndAsync()).Expect(143);
    }

    private async Task<TcpClient> ConnectAsync(int port)
    {
        var client = new TcpClient();
        _crowd.Add(client);
        await client.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken);
        return client;
    }

    // Who is not read waits for ever, and who is turned away fails.
    private static void Speak(TcpClient client, byte[] bytes) => _ = Task.Run(
        async () =>
        {
            try
            {
                await client.GetStream().WriteAsync(bytes, TestContext.Current.CancellationToken);
            }
            catch (Exception gone) when (gone is IOException or InvalidOperationException)
            {
                // That is the node's answer to it.
            }
        },
        TestContext.Current.CancellationToken);

    private async Task GoesOnAsync()
    {
        var metrics = _runs.File("a", "metrics.csv");
        var rows = File.Exists(metrics) ? File.ReadLines(metrics).Count() : 0;
        await FileEvents.LinesAsync(Path.Combine(_runs.Path, "a"), "metrics.csv", rows + 100);
    }

    private static async Task<long> MemoryAsync(int process)
    {
        var lines = await File.ReadAllLinesAsync($"/proc/{process}/status", TestContext.Current.CancellationToken);
        var words = lines.Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return long.Parse(words[1], CultureInfo.InvariantCulture) << 10;
    }
}
