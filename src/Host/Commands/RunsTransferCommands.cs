using System.CommandLine;
using Involute.Host.Errors;
using Involute.Runs.Configuration;
using Involute.Runs.Folders;
using Involute.Runs.Opening;

namespace Involute.Host.Commands;

/// <summary>
/// <c>involute runs rename</c>, <c>copy</c> and <c>move</c>: what cannot be done to a folder alone, because a run's name stands in
/// its ledger.
/// </summary>
internal static class RunsTransferCommands
{
    public static IEnumerable<Command> Create() =>
    [
        Naming(
            "rename", "Give a run another name: its folder, its ledger and its checkpoints. Also a folder that was renamed by hand.",
            removes: true),
        Naming("copy", "Copy a run under another name; each can then be resumed.", removes: false),
        Move(),
    ];

    private static Command Naming(string name, string description, bool removes)
    {
        var run = CommonOptions.Run();
        var to = new Argument<string>("NAME") { Description = $"The new name: {RunName.Allowed}." };
        var runs = CommonOptions.Runs();
        var command = new Command(name, description) { run, to, runs };
        command.SetAction(async (parsed, cancellation) =>
        {
            var wanted = parsed.GetValue(to)!;
            if (!RunName.IsValid(wanted))
            {
                throw new CommandException(ExitCode.Configuration, RunName.Refusal(wanted));
            }

            var folder = RunFolder.Open(parsed.GetValue(runs)!, parsed.GetValue(run)!);
            var made = await RunTransfer.CopyAsync(folder, wanted, removes, TimeProvider.System, cancellation);
            Console.WriteLine(
                $"run {folder.RunId} {(removes ? "is now" : "was copied to")} {made.RunId}, in {made.FullPath}");
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Move()
    {
        var run = CommonOptions.Run();
        var runs = CommonOptions.Runs();
        var config = CommonOptions.Config();
        var set = CommonOptions.Set();
        var store = new Option<string?>("--store")
        {
            Description = "The store, sqlite or postgresql: short for --set involute.store=NAME.",
            HelpName = "NAME",
        };
        var command = new Command(
            "move", "Move a run's ledger and checkpoints into another store: --store, or the settings of --config and --set.")
        {
            run, runs, config, set, store,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            string[] chosen = parsed.GetValue(store) is { } name ? [$"involute.store={name}"] : [];
            var to = ConfigurationLoader.LoadStore(parsed.GetValue(config)!, [.. chosen, .. parsed.GetValue(set)!]);
            var folder = RunFolder.Open(parsed.GetValue(runs)!, parsed.GetValue(run)!);
            await RunTransfer.MoveAsync(folder, to, TimeProvider.System, cancellation);
            Console.WriteLine($"run {folder.RunId} is now in {(to.IsShared ? to.Where() : $"its folder, {folder.FullPath}")}");
            return ExitCode.Ok;
        });
        return command;
    }
}
