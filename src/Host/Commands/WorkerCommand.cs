using System.CommandLine;
using System.Diagnostics;
using Involute.Actors.Cluster;
using Involute.Actors.Local;
using Involute.Actors.Protocol;
using Involute.Actors.Telemetry;
using Involute.Host.Cluster;
using Involute.Host.Errors;
using Involute.Host.Operating;
using Involute.Host.Output;
using Involute.Host.Running;
using Involute.Host.Watching;
using Involute.Hosting;
using Involute.Runs.Configuration;
using Involute.Runs.Opening;

namespace Involute.Host.Commands;

/// <summary><c>involute worker</c>: computes pairs for the learner that leads the cluster's run.</summary>
internal static class WorkerCommand
{
    private const int MostThreads = 1024;
    private static readonly TimeSpan LongestLeaving = TimeSpan.FromSeconds(6);

    public static Command Create()
    {
        var cluster = new ClusterArgumentOptions();
        var config = new Option<string[]>("--config")
        {
            Description = "A file with a block akka {…} to use; other settings come from the learner. Repeatable.",
            HelpName = "FILE",
            DefaultValueFactory = _ => [],
        };
        var plugin = CommonOptions.Plugin(
            "Folder of the run's plugin on this machine; its code must be the same.");
        var threads = WholeNumberOption.Create("--threads", "Compute threads; default: one per core.", 1, MostThreads);
        var device = new Option<string>("--device")
        {
            Description = "What computes the pairs: none for the processor, cuda:0 for the first card ('involute list devices').",
            HelpName = "NAME",
            DefaultValueFactory = _ => GpuOptions.NoDevice,
        };
        var untilInputEnds = new Option<bool>("--until-input-ends")
        {
            Description = "End when standard input ends, and so with the process that has started this one.",
        };
        var check = CheckReport.Option("join, and whether its learner would let it in");
        var command = new Command("worker", "Compute pairs for the learner of a cluster.")
        {
            config, plugin, threads, device, untilInputEnds, check,
        };
        cluster.AddTo(command);
        var console = new ConsoleOption(usually: true);
        console.AddTo(command, network: true);
        var web = new WebOption();
        web.AddTo(command);
        command.SetAction((parsed, _) =>
        {
            var arguments = cluster.Read(parsed);
            if (arguments.Join.Count == 0)
            {
                throw new CommandException(
                    ExitCode.Configuration,
                    "--join: a worker needs to know where the cluster is; allowed: HOST:PORT,…");
            }

            var akka = ConfigurationLoader.LoadAkka(parsed.GetValue(config)!);
            AkkaSettings.Require(akka);
            if (parsed.GetValue(plugin) is { } folder)
            {
                // A folder that is wrong now would be found when a learner offers its run.
                ConfigurationLoader.Catalogue(folder);
            }

            var computes = parsed.GetValue(device)!;
            if (!GpuOptions.IsName(computes))
            {
                throw new CommandException(
                    ExitCode.Configuration,
                    $"--device: {Excerpt.Quote(computes)} names no device; allowed: none, cpu, or cuda:N with the number of a card");
            }

            var listening = console.Read(parsed, arguments.Encryption);
            var serving = web.Read(parsed);
            var options = new ClusterNodeOptions(
                arguments.Listen,
                ClusterRole.Worker,
                parsed.GetValue(threads) ?? Environment.ProcessorCount,
                string.Empty,
                akka,
                arguments.Encryption)
            {
                Bind = arguments.Bind,
            };
            return parsed.GetValue(check)
                ? CheckAsync(options, arguments.Join, parsed.GetValue(plugin), computes)
                : RunAsync(options, arguments.Join, parsed.GetValue(plugin), computes, parsed.GetValue(untilInputEnds), listening, serving);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        ClusterNodeOptions options, IReadOnlyList<Endpoint> members, string? plugin, string device, bool untilInputEnds,
        ConsoleOptions? listening, WebSettings? serving)
    {
        using var signals = new StopSignals(ignoreTerminal: untilInputEnds);
        await using var console = WorkerConsole.Open(listening);
        await using var web = await ProcessWeb.OpenAsync(serving);
        var pulse = new NodePulse(TimeProvider.System);
        using var instruments = new WorkerInstruments(pulse, options.Threads);
        var settings = new WorkerSettings
        {
            Pulse = pulse,
            MakePlan = offer => MakePlan(offer, plugin, options.Threads, device),
            Tell = line =>
            {
                console?.Told(line);
                Console.WriteLine(TimeStamp.Before(line, TimeProvider.System));
            },
        };
        var told = options with
        {
            ConsoleRole = console?.Role,
            WebRole = web is null ? null : PlaceRole.Web.Of(web.Address),
        };
        var worker = await WorkerNode.StartAsync(told, members, settings);
        console?.Start(worker);
        Console.WriteLine(
            $"worker on {worker.Address} (pid {Environment.ProcessId}, threads {options.Threads}{(device == GpuOptions.NoDevice ? "" : $", device {device}")}): "
            + $"looking for {string.Join(", ", members)}");
        if (console is not null)
        {
            Console.WriteLine($"console on {console.Address}: 'involute console {console.Address}'");
        }

        web?.Serve(worker, pulse);
        var inputEnd = untilInputEnds ? InputEndAsync() : new TaskCompletionSource().Task;
        await Task.WhenAny(worker.Completion, signals.First, inputEnd);
        if (!worker.Completion.IsCompleted)
        {
            worker.RequestStop();
        }

        var outcome = await worker.Completion;
        await BoundedEnd.OfAsync(worker, LongestLeaving);
        var (code, line) = Ending(
            outcome, signals.First.IsCompletedSuccessfully ? signals.First.Result : ExitCode.Terminated);
        if (code == ExitCode.Ok)
        {
            Console.WriteLine(line);
        }
        else
        {
            CommandErrors.Print(line);
        }

        return code;
    }

    private static async Task<int> CheckAsync(
        ClusterNodeOptions options, IReadOnlyList<Endpoint> members, string? plugin, string device)
    {
        using var signals = new StopSignals();
        var settings = new WorkerSettings
        {
            MakePlan = offer => MakePlan(offer, plugin, options.Threads, device),
            Tell = Console.WriteLine,
            OnlyChecks = true,
            Patience = CheckReport.Patience,
        };
        await using var worker = await WorkerNode.StartAsync(CheckReport.Hurried(options), members, settings);
        await Task.WhenAny(worker.Completion, signals.First);
        if (!worker.Completion.IsCompleted)
        {
            worker.RequestStop();
        }

        var outcome = await worker.Completion;
        var (code, line) = Ending(
            outcome, signals.First.IsCompletedSuccessfully ? signals.First.Result : ExitCode.Terminated);
        var report = new CheckReport(["name", "port", "certificate", "run", "version", "identity"]);
        if (code == ExitCode.Ok && outcome.End == WorkerEnd.Checked)
        {
            report.PrintAllWell(line);
            return code;
        }

        report.PrintFailure((int)outcome.Step, line);
        return code == ExitCode.Ok ? ExitCode.ConnectionLost : code;
    }

    /// <summary>The exit code and the last line of a worker.</summary>
    internal static (int Code, string Line) Ending(WorkerOutcome outcome, int whenStopped) => outcome.End switch
    {
        WorkerEnd.Finished or WorkerEnd.Checked => (ExitCode.Ok, outcome.Reason),
        WorkerEnd.Refused => (ExitCode.Configuration, outcome.Reason),
        WorkerEnd.Unprepared => (CommandErrors.CodeOf(outcome.Cause!), CommandErrors.OneLine(outcome.Cause!)),
        WorkerEnd.Broken => (ExitCode.Internal, outcome.Reason),
        WorkerEnd.Lost => (ExitCode.ConnectionLost, outcome.Reason),
        WorkerEnd.NotJoined when outcome.Step == WorkerStep.Certificate => (ExitCode.NotLetIn, outcome.Reason),
        WorkerEnd.NotJoined => (ExitCode.CannotConnect, outcome.Reason),
        WorkerEnd.Downed => (ExitCode.Downed, outcome.Reason),
        WorkerEnd.Stopped => (whenStopped, outcome.Reason),
        _ => throw new UnreachableException($"unknown end {outcome.End}"),
    };

    // This process reads the settings by its own rules, and tells the learner the settings that it computes with.
    internal static WorkerPlan MakePlan(NodeProtocol.RunOffered offer, string? plugin, int threads, string device = GpuOptions.NoDevice)
    {
        var configuration = ConfigurationLoader.Receive(offer.Configuration, "the learner's settings", plugin);

        var plan = PlanFactory.Create(configuration);
        var registration = new NodeProtocol.RegisterNode(
            offer.RunId,
            NodeProtocol.Version,
            configuration.IdentitySha256(),
            ThisComputation.Of(configuration, plan),
            threads,
            Environment.ProcessId);
        return new WorkerPlan(registration, DevicePlan.Of(plan, device)) { WindowLimit = TimeSpan.FromSeconds(configuration.WindowLimit) };
    }

    private static async Task InputEndAsync()
    {
        await using var input = Console.OpenStandardInput();
        var buffer = new byte[256];
        while (await input.ReadAsync(buffer) > 0)
        {
            // Only the end of the input matters, not its content.
        }
    }
}
