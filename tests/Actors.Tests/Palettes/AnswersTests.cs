using System.Net;
using Akka.Actor;
using Involute.Actors.Cluster;
using Involute.Actors.Learning;
using Involute.Actors.Palettes;
using Involute.Actors.Tests.Commands;
using Involute.Commands;
using Involute.Runs.Configuration;
using Involute.Runs.Opening;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Schedules;
using Involute.Tests;
using Xunit;

namespace Involute.Actors.Tests.Palettes;

/// <summary>What the palettes answer, word for word, and that it fits a terminal of 80 columns.</summary>
public sealed class AnswersTests : IDisposable
{
    private const int Columns = 80;

    private static readonly DateTimeOffset Noon = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    private static readonly string[] Commands =
    [
        "learner status", "learner history -n 3", "learner pause", "learner resume", "learner checkpoint",
        "learner set learning-rate 0.01", "learner set learning-rate 0.03", "learner changes", "learner stop",
        "pair list -n 4", "pair list -f 4", "pair slowest -n 3", "pair show -i 1", "pair restart -i 5", "theta summary",
        "theta norms", "theta history", "theta save", "config show meta-optimizer.l", "worker status", "log level",
        "log tail -n 2",
    ];

    private static readonly string[] Refused =
    [
        "pair show -i 9", "learner set", "learner set sigma 1", "learner history -n x", "log level loud", "actor hierarchy -s /x",
        "learner nosuch", "nosuch",
    ];

    private readonly ScratchFolder _folder = new();

    private static RunConfiguration Settings { get; } = new()
    {
        OuterSteps = 200,
        Pairs = 6,
        Window = 7,
        Task = new QuadraticOptions { Dimension = 4 },
        Optimizer = new LearnableSgdmOptions(),
        Truncation = new LogUniformOptions { Min = 5, Max = 30, Offset = 30 },
        Threads = 1,
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, "answers.txt")]
    [InlineData(true, "answers-json.txt")]
    public async Task The_answers_are_what_they_were(bool json, string expected)
    {
        await using var node = await AskedNode.StartAsync(_folder.Path, new AskedRun(Settings, Place));
        var transcript = await node.TranscriptAsync(json ? Commands : [.. Commands, .. Refused], json);
        Assert.True(json || Widest(transcript) <= Columns, transcript);
        var path = Path.Combine(AppContext.BaseDirectory, "console", expected);
        Assert.Equal(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken), transcript);
    }

    [Fact]
    public async Task A_thousand_pairs_on_nodes_with_long_names_and_large_numbers_fit_eighty_columns()
    {
        await using var node = await AskedNode.StartAsync(
            _folder.Path,
            new AskedRun(
                Settings with { Pairs = 1000, OuterSteps = 1_000_000_000 },
                block => $"akka.tcp://involute@ip-10-123-45-{block % 250}.eu-central-1.compute.internal:65535/user/worker/node-1")
            {
                NewRate = "0.00123456789012345",
                User = "firstname.lastname@department.example.org",
                Restarts = 1_000_000,
                Took = block => TimeSpan.FromHours(1 + (block % 90)),
                End = new(Involute.Runs.RunStatus.Interrupted, null, double.NaN, 123_456_789, "the store did not take the rest"),
            });
        var transcript = await node.TranscriptAsync(
            [.. Commands, "pair list -n 1000", "pair slowest -n 1000", "learner history", "config show", "actor system",
                "actor hierarchy -d 20", "actor hierarchy -s /system -d 20", "version"]);
        Assert.True(Widest(transcript) <= Columns, transcript);
        Assert.Contains("\n 999  ", transcript, StringComparison.Ordinal);
    }

    [Fact]
    public void Members_of_a_cluster_fit_too()
    {
        MemberRow[] members =
        [
            new(new Endpoint("127.0.0.1", 4053), "learner", "up", true, true, new Endpoint("127.0.0.1", 43875)),
            new(new Endpoint("ip-10-123-45-67.eu-central-1.compute.internal", 4053), "worker", "unreachable", false, false,
                new Endpoint("ip-10-123-45-67.eu-central-1.compute.internal", 43876)),
        ];
        string[] lines =
        [
            .. MemberRow.Table(false, members).Split('\n'),
            MemberRow.Event(false, Noon, "worker", members[0].Address, "up"),
            .. MemberRow.Event(false, Noon, "worker", members[1].Address, "does not answer").Split('\n'),
            .. MemberRow.Done(false, members[1].Address, "is declared gone").Split('\n'),
            MemberRow.Table(true, members[..1]),
            MemberRow.Event(true, Noon, "worker", members[0].Address, "up"),
            MemberRow.Done(true, members[0].Address, "leaves"),
        ];
        Assert.Equal(
            [
                "address              role     status       leads  this node  console",
                "127.0.0.1:4053       learner  up           leads  yes        127.0.0.1:43875",
                "ip-10-123…rnal:4053  worker   unreachable                    ip-10-123…nal:43876",
                "12:00:00  worker 127.0.0.1:4053  up",
                "12:00:00  worker ip-10-123-45-67.eu-central-1.compute.internal:4053  does not",
                "          answer",
                "ip-10-123-45-67.eu-central-1.compute.internal:4053  is declared gone",
                "{\"address\":\"127.0.0.1:4053\",\"role\":\"learner\",\"status\":\"up\",\"leads\":true,\"self\":true,\"console\":\"127.0.0.1:43875\"}",
                "{\"time\":\"2026-11-28T12:00:00.000Z\",\"role\":\"worker\",\"address\":\"127.0.0.1:4053\",\"event\":\"up\"}",
                "{\"address\":\"127.0.0.1:4053\",\"event\":\"leaves\"}",
            ],
            lines);
    }

    [Fact]
    public async Task Before_this_process_leads_it_says_so()
    {
        using var system = ActorSystem.Create("test", "akka.stdout-loglevel = OFF, akka.loglevel = OFF");
        await using var open = await OpenRun.BeginAsync(
            Settings, _folder.Path, "first", TestContext.Current.CancellationToken);
        var run = new RunSubject(
            open, new RunWatch(TimeProvider.System, new NodeLines(TimeProvider.System)), new LearnerSeat());
        await using var server = ConsoleServer.Start(
            ConsoleServer.Listen(new IPEndPoint(IPAddress.Loopback, 0)),
            new ConsoleServerOptions(system, "node", [LearnerPalette.Of(run), ThetaPalette.Of(run)]));
        await using var client = await ConsoleClient.ConnectAsync(
            "127.0.0.1", server.Address.Port, "tester", cancellation: TestContext.Current.CancellationToken);
        foreach (var command in new[] { "learner status", "theta summary", "learner stop" })
        {
            var (text, failed) = await TestConsole.AskAsync(client, command, yes: true);
            Assert.True(failed);
            Assert.StartsWith("this node does not lead", text, StringComparison.Ordinal);
        }
    }

    private static string Place(int block) => $"akka.tcp://involute@127.0.0.{(block % 2) + 1}:4053/user/worker/node-1";

    // A refusal is one line, for a program that looks for it.
    private static int Widest(string transcript) => transcript.Split('\n')
        .Where(line => !line.Contains("allowed: ", StringComparison.Ordinal)).Max(line => line.Length);
}
