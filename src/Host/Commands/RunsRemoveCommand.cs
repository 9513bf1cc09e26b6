using System.CommandLine;
using Involute.Host.Listing;
using Involute.Runs;
using Involute.Runs.Configuration;
using Involute.Runs.Folders;

namespace Involute.Host.Commands;

/// <summary><c>involute runs rm RUN …</c>: deletes runs; their names are free afterwards.</summary>
internal static class RunsRemoveCommand
{
    public static Command Create()
    {
        var run = new Argument<string[]>("RUN")
        {
            Description = "Runs: names of folders under --runs, paths, or names that the database of --config has.",
            Arity = ArgumentArity.OneOrMore,
        };
        var runs = CommonOptions.Runs();
        var config = CommonOptions.Config();
        var set = CommonOptions.Set();
        var yes = Yes();
        var command = new Command(
            "rm", "Delete runs, also what a database has of them; refuses one that is being trained.")
        {
            run, runs, config, set, yes,
        };
        command.SetAction((parsed, _) =>
        {
            var shared = ConfigurationLoader.LoadStore(parsed.GetValue(config)!, parsed.GetValue(set)!);
            var catalogue = new RunCatalogue(parsed.GetValue(runs)!, TimeProvider.System);
            IReadOnlyList<RunId>? stored = null;

            // A name and a path may be of one run.
            var found = parsed.GetValue(run)!.Select(Find).DistinctBy(it => it.Folder ?? it.Run).ToList();
            return RunRemover.RemoveAsync(found, shared, parsed.GetValue(yes));

            ListedRun Find(string name)
            {
                try
                {
                    return catalogue.Of(RunFolder.Open(parsed.GetValue(runs)!, name));
                }
                catch (IOException) when (shared.IsShared)
                {
                    // Outside the filter, which would swallow that the server does not answer.
                    stored ??= shared.ListRuns();
                    if (stored.Contains(new RunId(name)))
                    {
                        return catalogue.InStore(shared, new RunId(name));
                    }

                    throw;
                }
            }
        });
        return command;
    }

    /// <summary>The option that leaves out the question.</summary>
    public static Option<bool> Yes() => new("--yes") { Description = "Delete without a question." };
}
