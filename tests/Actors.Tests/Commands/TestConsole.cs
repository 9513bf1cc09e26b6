using System.Net;
using Akka.Actor;
using Involute.Commands;

namespace Involute.Actors.Tests.Commands;

/// <summary>A console with a palette for tests, on a free port of loopback.</summary>
internal sealed class TestConsole : IAsyncDisposable
{
    private static readonly CommandDefinition Say = new("say", "says it again", new ArgumentDefinition("TEXT", ""));
    private static readonly CommandDefinition Flood = new("flood", "many lines", new ArgumentDefinition("LINES", ""));
    private static readonly CommandDefinition Change = new("change", "changes") { Question = "Change?" };
    private static readonly CommandDefinition Throw = new("throw", "throws");
    private static readonly CommandDefinition Silent = new("silent", "says nothing") { Patience = 1 };
    private static readonly CommandDefinition LateCommand = new("late", "answers when the test says so");
    private static readonly CommandDefinition Tail = new("tail", "goes on") { IsStream = true };
    private static readonly Palette Palette = new("test", "for tests", Say, Flood, Change, Throw, Silent, LateCommand, Tail);

    private readonly ActorSystem _system = ActorSystem.Create("test", "akka.stdout-loglevel = OFF, akka.loglevel = OFF");

    public TestConsole(
        ConsoleLimits? limits = null, Func<Stream, CancellationToken, Task<Stream>>? secure = null, IPAddress? address = null,
        bool letsOthersChange = false)
    {
        Server = ConsoleServer.Start(
            ConsoleServer.Listen(new IPEndPoint(address ?? IPAddress.Loopback, 0)),
            new ConsoleServerOptions(_system, "node", [new PaletteHandler(Palette, () => Props.Create(() => new Handler(this)))])
            {
                Run = "first",
                Program = "involute test",
                Record = Recorded.Add,
                Limits = limits ?? new ConsoleLimits(),
                Secure = secure,
                LetsOthersChange = letsOthersChange,
            });
    }

    public ConsoleServer Server { get; }

    public List<string> Recorded { get; } = [];

    /// <summary>Completes when a call of <c>tail</c> has begun; then when it was stopped.</summary>
    public (TaskCompletionSource Begun, TaskCompletionSource Stopped) Tailing { get; } = (new(), new());

    public Task<ConsoleClient> ConnectAsync(Func<Stream, CancellationToken, Task<Stream>>? secure = null) =>
        ConsoleClient.ConnectAsync(Server.Address.Address.ToString(), Server.Address.Port, "tester", secure);

    /// <summary>Completes when a call of <c>late</c> has begun; answers it.</summary>
    public (TaskCompletionSource Begun, TaskCompletionSource<string> Answer) Late { get; } = (new(), new());

    public static async Task<(string Text, bool Failed)> AskAsync(
        ConsoleClient client, string line, bool yes = false, CancellationTokenSource? until = null)
    {
        List<string> texts = [];
        var failed = false;
        await foreach (var response in client.ExecuteAsync(CommandWords.Split(line), yes: yes,
            cancellation: until?.Token ?? CancellationToken.None))
        {
            failed |= response.IsError;
            if (response.Text.Length > 0)
            {
                texts.Add(response.Text);
            }
        }

        return (string.Join('\n', texts), failed);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await _system.Terminate();
    }

    private sealed class Handler : CommandHandler
    {
        private readonly TestConsole _console;

        public Handler(TestConsole console)
        {
            _console = console;
            On(Say, call => Finish(call.Text(Say.Arguments[0]) ?? ""));
            On(Flood, call =>
            {
                for (var line = call.Number(Flood.Arguments[0], 1, 1_000_000) ?? 10; line > 0; line--)
                {
                    Write(new string('x', 1000));
                }

                Finish();
            });
            On(Change, call => Finish($"changed by {call.Caller.User}"));
            On(Throw, _ => throw new InvalidOperationException("no\nway"));
            On(Silent, _ => { });
            On(LateCommand, _ =>
            {
                console.Late.Answer.Task.PipeTo(Self);
                console.Late.Begun.TrySetResult();
            });
            Receive<string>(Finish);
            On(Tail, _ =>
            {
                Write("first line");
                console.Tailing.Begun.TrySetResult();
            });
        }

        protected override void PostStop()
        {
            if (Call?.Definition == Tail)
            {
                _console.Tailing.Stopped.TrySetResult();
            }
        }
    }
}
