using System.Net;
using System.Text;
using Akka.Actor;
using Involute.Actors.Learning;
using Involute.Actors.Palettes;
using Involute.Actors.Protocol;
using Involute.Commands;
using Involute.Estimators;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Runs;
using Involute.Runs.Configuration;
using Involute.Runs.Ledger;
using Involute.Runs.Opening;
using Xunit;
using static Involute.Actors.Protocol.ControlProtocol;

namespace Involute.Actors.Tests.Palettes;

/// <summary>A run of some steps with the palettes of a node, and a learner and a worker that answer as such.</summary>
internal sealed class AskedNode : IAsyncDisposable
{
    private readonly ActorSystem _system = ActorSystem.Create("test", "akka.stdout-loglevel = OFF, akka.loglevel = OFF");
    private readonly OpenRun _open;
    private readonly AskedRun _asked;
    private readonly ConsoleServer _server;

    private AskedNode(OpenRun open, AskedRun asked)
    {
        (_open, _asked) = (open, asked);
        var lines = new NodeLines(new Seconds());
        lines.Add("worker 127.0.0.1:4054 takes part, with 4 threads");
        lines.Add($"outer step 3: {string.Join(' ', Enumerable.Repeat("a long story", 12))}");
        var run = new RunSubject(open, new RunWatch(new Seconds(), lines), new LearnerSeat());
        run.Seat.Take(_system.ActorOf(Props.Create(() => new Learner(asked, Train(run)))));
        _system.ActorOf(Props.Create(() => new Worker(asked)), "worker");
        _server = ConsoleServer.Start(
            ConsoleServer.Listen(new IPEndPoint(IPAddress.Loopback, 0)),
            new ConsoleServerOptions(
                _system, "node",
                [
                    LearnerPalette.Of(run), PairPalette.Of(run), ThetaPalette.Of(run), ConfigPalette.Of(run),
                    WorkerPalette.Handler, LogPalette.Of(lines), ActorPalette.Handler, VersionPalette.Of("involute test"),
                ]));
    }

    /// <summary>Trains a run.</summary>
    public static async Task<AskedNode> StartAsync(string folder, AskedRun asked)
    {
        ArgumentNullException.ThrowIfNull(asked);
        return new AskedNode(
            await OpenRun.BeginAsync(asked.Settings, folder, "first", TestContext.Current.CancellationToken), asked);
    }

    /// <summary>Commands with their answers; of a stream, what comes first.</summary>
    public async Task<string> TranscriptAsync(IEnumerable<string> commands, bool json = false)
    {
        ArgumentNullException.ThrowIfNull(commands);
        await using var client = await ConsoleClient.ConnectAsync(
            "127.0.0.1", _server.Address.Port, "tester", cancellation: TestContext.Current.CancellationToken);
        var transcript = new StringBuilder();
        foreach (var command in commands)
        {
            using var enough = new CancellationTokenSource();
            List<string> texts = [];
            var failed = false;
            await foreach (var response in client.ExecuteAsync(
                CommandWords.Split(command), json, yes: true, cancellation: enough.Token))
            {
                failed |= response.IsError;
                texts.AddRange(response.Text.Length > 0 ? [response.Text] : []);
                if (texts.Count == 2 && command.Contains(" tail", StringComparison.Ordinal))
                {
                    await enough.CancelAsync();
                }
            }

            transcript.Append(failed ? "! " : "$ ").Append(command).Append('\n').AppendJoin('\n', texts).Append("\n\n");
        }

        return transcript.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _system.Terminate();
        await _open.DisposeAsync();
    }

    // Five steps of the sequential program, seen as a learner tells them.
    private List<byte[]> Train(RunSubject run)
    {
        var plan = run.Open.Plan;
        var update = new OuterUpdate<float>(plan);
        var state = run.Open.Initial;
        using var slots = new Slots();
        var blocks = plan.Blocks().Select(block => new PairState<float>(plan, block)).ToList();
        run.Watch.Started(state, []);
        for (var step = 1; step <= 5; step++)
        {
            PairContribution<float>[] contributions = [.. blocks.Select(block => block.RunWindow(state.Theta, slots.Slot))];
            var result = update.Apply(state, contributions);
            state = result.State;
            run.Watch.StepCompleted(result);
            run.Watch.StepMeasured(result, new StepCourse(
                contributions,
                [.. blocks.Select((_, i) => new BlockWindow(_asked.Node(i), _asked.Took(i)))],
                new Dictionary<string, int> { [_asked.Node(0)] = 1, [_asked.Node(1)] = 2 },
                0,
                0));
        }

        run.Watch.CheckpointSaved(4);
        List<byte[]> states = [.. blocks.Select(block => block.Save())];
        blocks.ForEach(block => block.Dispose());
        return states;
    }

    private sealed class Slots : IDisposable
    {
        private readonly ComputeSlots<float> _all = new();

        public Slots() => Slot = _all.Rent();

        public ComputeSlot<float> Slot { get; }

        public void Dispose() => _all.Return(Slot);
    }

    private sealed class Seconds : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => _now += TimeSpan.FromSeconds(0.5);
    }

    /// <summary>Answers as a learner does.</summary>
    private sealed class Learner : ReceiveActor
    {
        public Learner(AskedRun asked, List<byte[]> states)
        {
            SettingChanged change = new(0, "involute.meta-optimizer.learning-rate", "0.03", asked.NewRate)
            {
                Step = 3,
                By = $"{asked.User} from 127.0.0.1:50514",
                At = new DateTimeOffset(2026, 11, 28, 12, 0, 1, TimeSpan.Zero),
            };
            SettingChanged old = new(0, "involute.outer-steps", "100", "200") { Step = 0 };
            var nodes = new Dictionary<string, int> { [asked.Node(0)] = 1, [asked.Node(1)] = 2 };
            var settings = ConfigurationLoader.Changed(asked.Settings, $"{change.Key}={change.To}");
            Standing Now(bool isHeld) => new(isHeld ? "paused" : "computing", isHeld, nodes)
            {
                Settings = settings,
                Changes = [old, change],
            };

            Receive<AskStanding>(_ => Sender.Tell(Now(false)));
            Receive<HoldRun>(it => Sender.Tell(Now(it.IsHeld)));
            Receive<TakeCheckpoint>(_ => Sender.Tell(new CheckpointTaken(5)));
            Receive<ChangeRun>(it => Sender.Tell(
                it.Argument.EndsWith("=0.03", StringComparison.Ordinal) ? new RunChanged([])
                : it.Argument.Contains("sigma", StringComparison.Ordinal) ? Refusal(asked.Settings, it.Argument)
                : new RunChanged([change])));
            Receive<EndRun>(_ => Sender.Tell(new RunStopped(asked.End)));
            Receive<AskHomes>(ask => Sender.Tell(new Homes([
                .. Enumerable.Range(ask.First, ask.Count).Select(block => new BlockHome(
                    new PairBlock(block, 1), block == 5 ? null : asked.Node(block), block == 2 ? asked.Restarts + 1 : 1))])));
            Receive<AskCut>(ask => Sender.Tell(
                new BlockCut(new PairBlock(ask.Block, 1), new ThetaVersion(5), states[ask.Block])));
            Receive<RestartBlock>(ask => Sender.Tell(new BlockHome(new PairBlock(ask.Block, 1), asked.Node(ask.Block), 2)));
            Receive<NoLongerWanted>(_ => { });
        }

        private static Refused Refusal(RunConfiguration settings, string argument)
        {
            try
            {
                return new Refused($"{new ChangingSettings(settings, []).Changed(argument).Count} changes");
            }
            catch (ConfigurationException refused)
            {
                return new Refused(refused.Message);
            }
        }
    }

    /// <summary>Answers as a worker does.</summary>
    private sealed class Worker : ReceiveActor
    {
        public Worker(AskedRun asked) => Receive<AskWorker>(_ => Sender.Tell(new WorkerStanding(
            "computing", "first", asked.Node(1).Split('@')[1].Split('/')[0], 6,
            [.. Enumerable.Range(0, asked.Settings.Pairs / 2).Select(pair => new PairBlock(2 * pair, 1))])));
    }
}

/// <summary>What is asked about.</summary>
/// <param name="Settings">The run's.</param>
/// <param name="Node">The path of the node that a block lives on.</param>
internal sealed record AskedRun(RunConfiguration Settings, Func<int, string> Node)
{
    public string NewRate { get; init; } = "0.01";

    public string User { get; init; } = "alice";

    public int Restarts { get; init; } = 2;

    /// <summary>How long the window of a block took.</summary>
    public Func<int, TimeSpan> Took { get; init; } = block => TimeSpan.FromMilliseconds(1.5 + (block * block));

    /// <summary>How the run ends that is asked to.</summary>
    public RunOutcome End { get; init; } = new(RunStatus.Interrupted, null, double.NaN, 4, "outer step 6 was not waited for any longer");
}
