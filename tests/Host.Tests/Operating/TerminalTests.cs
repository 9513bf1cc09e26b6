using System.Diagnostics;
using System.Net;
using System.Text;
using Akka.Actor;
using Involute.Commands;
using Involute.Host.Tests.CommandLine;
using Xunit;

namespace Involute.Host.Tests.Operating;

/// <summary>The prompt on a terminal: a pseudo-terminal that <c>script</c> of util-linux opens.</summary>
[Trait("Speed", "slow")]
public sealed class TerminalTests : IAsyncDisposable
{
    private const string Script = "/usr/bin/script";
    private const string Up = "\u001b[A";

    // Only a guard against a program that hangs: nothing depends on how long anything takes.
    private static readonly TimeSpan Guard = TimeSpan.FromMinutes(2);

    private static readonly CommandDefinition Say = new("say", "says it again", new ArgumentDefinition("TEXT", ""));
    private static readonly CommandDefinition Change = new("change", "changes") { Question = "Change?" };
    private static readonly CommandDefinition Tail = new("tail", "goes on") { IsStream = true };
    private static readonly Palette Palette = new("test", "for tests", Say, Change, Tail);

    private readonly ActorSystem _system = ActorSystem.Create("test", "akka.stdout-loglevel = OFF, akka.loglevel = OFF");
    private readonly ConsoleServer _server;
    private readonly StringBuilder _screen = new();
    private int _seen;

    public TerminalTests() => _server = ConsoleServer.Start(
        ConsoleServer.Listen(new IPEndPoint(IPAddress.Loopback, 0)),
        new ConsoleServerOptions(_system, "node", [new PaletteHandler(Palette, () => Props.Create(() => new Handler()))])
        {
            Run = "first",
        });

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _system.Terminate();
    }

    [Fact]
    public async Task The_prompt_completes_remembers_ends_streams_and_leaves_the_terminal_as_it_was()
    {
        Assert.SkipUnless(File.Exists(Script), $"{Script} (util-linux) is not installed");
        Assert.SkipWhen(
            InterruptionTests.IsIgnoredHere(InvoluteProcess.Interrupt),
            "SIGINT is ignored here (a shell's background job?), and so in every process that is started");
        using var terminal = Start();
        await UntilAsync(terminal, "first> ");

        // Tab, twice: the palette, then the only command with an s.
        await TypeAsync(terminal, "te\ts\twell\r");
        await UntilAsync(terminal, "\nwell\r\n");
        await TypeAsync(terminal, $"{Up}\r");
        await UntilAsync(terminal, "\nwell\r\n");
        await TypeAsync(terminal, "tset say\r");
        await UntilAsync(terminal, "unknown palette 'tset' (did you mean 'test'?); allowed: test\r\n");
        await TypeAsync(terminal, $"test say {new string('x', 300)}\r");
        await UntilAsync(terminal, $"\n{new string('x', 300)}\r\n");
        await TypeAsync(terminal, "test say '\u4f60\u597d'\r");
        await UntilAsync(terminal, "\n\u4f60\u597d\r\n");

        // Ctrl-C ends a stream, gives a question up, and a line; never the program.
        await TypeAsync(terminal, "test tail\r");
        await UntilAsync(terminal, "first line\r\n");
        await TypeAsync(terminal, "\u0003");
        await UntilAsync(terminal, "first> ");
        await TypeAsync(terminal, "test change\r");
        await UntilAsync(terminal, "Change? [y/N] ");
        await TypeAsync(terminal, "\u0003");
        await UntilAsync(terminal, "nothing was done; --yes does it without a question\r\n");
        await TypeAsync(terminal, "test change\r");
        await UntilAsync(terminal, "Change? [y/N] ");
        await TypeAsync(terminal, "y\r");
        await UntilAsync(terminal, "\nchanged\r\n");

        // A terminal discards what was typed before a Ctrl-C while no line is being read.
        await UntilAsync(terminal, "first> ");
        await TypeAsync(terminal, "test nonsense\u0003");
        await UntilAsync(terminal, "^C\r\n");
        await TypeAsync(terminal, "\u0004");
        await UntilAsync(terminal, "code 0\r\n");
        await UntilAsync(terminal, "the terminal is as it was\r\n");
        await terminal.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(
            Guard, TimeProvider.System, TestContext.Current.CancellationToken);

        // No line of the prompt was longer than the terminal is wide.
        Assert.DoesNotContain(
            _screen.ToString().Split('\r', '\n'),
            line => line.StartsWith("first> ", StringComparison.Ordinal) && line.Length >= 80);
    }

    private Process Start()
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var involute = $"'{dotnet}' '{Path.Combine(AppContext.BaseDirectory, "involute.dll")}' console {_server.Address}";
        var start = new ProcessStartInfo(Script)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
            ArgumentList =
            {
                "-qfec",
                // The shell gets each Ctrl-C too, and one without a trap for it (dash) would end with the prompt.
                $"trap : INT; stty cols 80 rows 24; before=$(stty -g); {involute}; echo code $?; "
                    + "[ \"$before\" = \"$(stty -g)\" ] && echo the terminal is as it was",
                "/dev/null",
            },
        };
        start.Environment["TERM"] = "xterm";
        start.Environment["SHELL"] = "/bin/sh";
        return Process.Start(start)!;
    }

    private static async Task TypeAsync(Process terminal, string keys)
    {
        await terminal.StandardInput.WriteAsync(keys.AsMemory(), TestContext.Current.CancellationToken);
        await terminal.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
    }

    // What has been waited for is not found again.
    private async Task UntilAsync(Process terminal, string expected)
    {
        var buffer = new char[4096];
        int at;
        while ((at = _screen.ToString().IndexOf(expected, _seen, StringComparison.Ordinal)) < 0)
        {
            var read = await terminal.StandardOutput.ReadAsync(buffer, TestContext.Current.CancellationToken).AsTask()
                .WaitAsync(Guard, TimeProvider.System, TestContext.Current.CancellationToken);
            Assert.True(read > 0, $"the terminal ended before '{expected}':\n{_screen}");
            _screen.Append(buffer, 0, read);
        }

        _seen = at + expected.Length;
    }

    private sealed class Handler : CommandHandler
    {
        public Handler()
        {
            On(Say, call => Finish(call.Text(Say.Arguments[0]) ?? ""));
            On(Change, _ => Finish("changed"));
            On(Tail, _ => Write("first line"));
        }
    }
}
