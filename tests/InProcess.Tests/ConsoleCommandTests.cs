using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Involute.Actors.Palettes;
using Involute.Commands;
using Involute.Host.Cluster;
using Involute.Host.Tests.CommandLine;
using Involute.Tests;
using Xunit;

namespace Involute.InProcess.Tests;

/// <summary><c>involute console</c>: what it prints, and its exit codes.</summary>
[Collection(nameof(Alone))]
public sealed class ConsoleCommandTests : IAsyncDisposable
{
    private static readonly CommandDefinition Say = new("say", "says it again", new ArgumentDefinition("TEXT", ""));
    private static readonly CommandDefinition Change = new("change", "changes") { Question = "Change?" };
    private static readonly Palette Palette = new("test", "for tests", Say, Change);

    private readonly ScratchFolder _folder = new();
    private readonly ActorSystem _system = ActorSystem.Create("test", "akka.stdout-loglevel = OFF, akka.loglevel = OFF");
    private readonly List<ConsoleServer> _servers = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        await _system.Terminate();
        _folder.Dispose();
    }

    [Fact]
    public async Task One_command_is_answered_with_0_and_refused_with_1()
    {
        var place = Serve();
        Assert.Equal("well", (await RunAsync(place, "test", "say", "well")).Expect(0).AllOutput);
        Assert.Equal("changed", (await RunAsync(place, "test", "change", "--yes")).Expect(0).AllOutput);
        (await RunAsync(place, "test", "nosuch")).ExpectOneLine(1, "unknown command 'test nosuch'; allowed: say, change");
        (await RunAsync(place, "test", "change")).ExpectOneLine(1, "nothing was done; --yes does it without a question");
    }

    [Fact]
    public async Task The_next_command_of_a_pipe_is_no_answer_to_a_question()
    {
        var place = Serve();
        var outcome = await PipeAsync(place, "test change", "test say y", "", "  ", "test change --yes");
        outcome.ExpectOneLine(1, "'test change' changes something, and a pipe cannot be asked; allowed: with --yes");
        Assert.Equal(["y", "changed"], outcome.Output);
        Assert.Equal(["well"], (await PipeAsync(place, "test say well", "exit", "test say 'not any more'")).Expect(0).Output);
    }

    [Fact]
    public async Task Who_is_not_there_is_69_and_a_connection_that_is_lost_75()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var place = $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        var lost = RunAsync(place, "test", "say", "well");
        using (var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken))
        {
            var stream = client.GetStream();
            await ConsoleFrames.ReadClientAsync(stream, TestContext.Current.CancellationToken);
            await stream.WriteAsync(
                ConsoleFrames.Bytes(new ServerFrame
                {
                    Type = ServerFrame.Hello,
                    Protocol = ConsoleFrames.Protocol,
                    Palettes = [Palette],
                }),
                TestContext.Current.CancellationToken);
            await ConsoleFrames.ReadClientAsync(stream, TestContext.Current.CancellationToken);
        }

        (await lost).ExpectOneLine(75, $"the connection to {place} is lost: ");
        listener.Stop();
        (await RunAsync(place, "test", "say", "well")).ExpectOneLine(69, $"the console on {place} cannot be reached: ");
        (await RunAsync("nosuch", "test")).ExpectOneLine(69, "'nosuch' is no run in ");
    }

    [Fact]
    public async Task Beyond_its_machine_only_the_right_certificate_is_let_in_and_another_one_is_77()
    {
        var (ours, strange) = (await CertificateAsync("ours"), await CertificateAsync("strange"));
        var place = Serve(ours);
        Assert.Equal(
            "well", (await RunAsync(place, "test", "say", "well", "--certificate", ours)).Expect(0).AllOutput);
        (await RunAsync(place, "test", "say", "well")).ExpectOneLine(69, "only to who comes with --certificate");

        // The stranger trusts the node, which does not know the stranger; then the other way round.
        var thumbprint = Involute.Actors.Cluster.Encryption.Thumbprint(CertificateFile.Read(ours, null)!.Certificate);
        (await RunAsync(place, "test", "say", "well", "--certificate", strange, "--trust", thumbprint))
            .ExpectOneLine(77, "the node does not let this client in: its certificate ", " is not among those");
        (await RunAsync(place, "test", "say", "well", "--certificate", strange))
            .ExpectOneLine(77, "this client does not trust the node: its certificate ", "(--trust)");
        (await RunAsync(Serve(), "test", "say", "well", "--certificate", ours))
            .ExpectOneLine(69, "on loopback a console talks without certificates");
    }

    private string Serve(string? certificate = null)
    {
        var server = ConsoleServer.Start(
            ConsoleServer.Listen(new IPEndPoint(IPAddress.Loopback, 0)),
            new ConsoleServerOptions(
                _system, "node", [new PaletteHandler(Palette, () => Props.Create(() => new Handler()))])
            {
                Secure = ConsoleEncryption.OfNode(CertificateFile.Read(certificate, null)),
            });
        _servers.Add(server);
        return server.Address.ToString();
    }

    private Task<InvoluteOutcome> RunAsync(string place, params string[] words) =>
        InProcess.RunAsync(_folder.Path, ["console", place, .. words]);

    private Task<InvoluteOutcome> PipeAsync(string place, params string[] lines) =>
        InProcess.RunAsync(_folder.Path, new StringReader(string.Join('\n', lines)), ["console", place]);

    private async Task<string> CertificateAsync(string name)
    {
        (await InProcess.RunAsync(_folder.Path, "certs", "create", _folder.Path, "--name", name)).Expect(0);
        return _folder.File($"{name}.pfx");
    }

    private sealed class Handler : CommandHandler
    {
        public Handler()
        {
            On(Say, call => Finish(call.Text(Say.Arguments[0]) ?? ""));
            On(Change, _ => Finish("changed"));
        }
    }
}
