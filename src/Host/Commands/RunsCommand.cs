using System.CommandLine;
using Involute.Host.Errors;
using Involute.Host.Listing;
using Involute.Host.Output;
using Involute.Runs.Configuration;

namespace Involute.Host.Commands;

/// <summary><c>involute runs</c>: the runs of a folder and of a database, and what is done with several.</summary>
internal static class RunsCommand
{
    public static Command Create()
    {
        var runs = CommonOptions.Runs();
        var config = CommonOptions.Config();
        var set = CommonOptions.Set();
        var json = new Option<bool>("--json") { Description = "Print one JSON array." };
        var command = new Command(
            "runs",
            "List runs: how far, how fast, how good. With the settings of a shared store (--config hocon/postgresql.conf), "
            + "also those that only the database has.")
        {
            runs, config, set, json, RunsRemoveCommand.Create(), RunsPruneCommand.Create(),
        };
        foreach (var other in (Command[])[ShowCommand.Create(), .. RunsCompareCommands.Create(), .. RunsTransferCommands.Create()])
        {
            command.Add(other);
        }

        command.SetAction(parsed =>
        {
            var listed = Listed(parsed, runs, config, set);
            if (parsed.GetValue(json))
            {
                Console.WriteLine(ListedRun.ToJson(listed));
            }
            else if (listed.Count == 0)
            {
                Console.WriteLine($"there are no runs in {Path.GetFullPath(parsed.GetValue(runs)!)}");
            }
            else
            {
                foreach (var line in RunListText.Lines(listed, Terminal.Width()))
                {
                    Console.WriteLine(line);
                }
            }

            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>The runs that options name.</summary>
    public static IReadOnlyList<ListedRun> Listed(
        ParseResult parsed, Option<string> runs, Option<string[]> config, Option<string[]> set) =>
        new RunCatalogue(parsed.GetValue(runs)!, TimeProvider.System).InFolderAnd(
            ConfigurationLoader.LoadStore(parsed.GetValue(config)!, parsed.GetValue(set)!));
}
