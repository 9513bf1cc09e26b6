using System.CommandLine;
using Involute.Host.Errors;
using Involute.Host.Listing;
using Involute.Runs.Configuration;
using Involute.Runs.Folders;

namespace Involute.Host.Commands;

/// <summary><c>involute runs prune</c>: deletes the runs of a folder that conditions hold for.</summary>
internal static class RunsPruneCommand
{
    private const int MostDays = 36_500;

    private static readonly string[] Statuses =
    [
        RunStatusFile.Finished, RunStatusFile.Interrupted, RunStatusFile.Crashed, RunStatusFile.Diverged,
        RunStatusFile.Failed,
    ];

    public static Command Create()
    {
        var runs = CommonOptions.Runs();
        var status = new Option<string[]>("--status")
        {
            Description = $"Only runs that are {string.Join(", ", Statuses[..^1])} or {Statuses[^1]}. Repeatable.",
            HelpName = "STATUS",
            DefaultValueFactory = _ => [],
        };
        var olderThan = WholeNumberOption.Create(
            "--older-than", "Only runs whose last outer step is at least so many days ago.", 0, MostDays, "DAYS");
        var keep = WholeNumberOption.Create(
            "--keep", "Leave the runs with the newest outer steps, so many.", 0, int.MaxValue);
        var yes = RunsRemoveCommand.Yes();
        var command = new Command(
            "prune",
            "Delete the runs for which all given conditions hold; without a condition, those that have done no outer step. "
            + "Never one that is being trained, or that cannot be read.")
        {
            runs, status, olderThan, keep, yes,
        };
        command.SetAction((parsed, _) =>
        {
            var wanted = parsed.GetValue(status)!;
            if (wanted.FirstOrDefault(word => !Statuses.Contains(word)) is { } unknown)
            {
                throw new CommandException(
                    ExitCode.Configuration,
                    $"--status: {Excerpt.Quote(unknown)} is unknown{Spelling.Suggest(unknown, Statuses)}; allowed: "
                        + string.Join(", ", Statuses));
            }

            var doomed = Doomed(
                new RunCatalogue(parsed.GetValue(runs)!, TimeProvider.System).InFolder(), wanted,
                parsed.GetValue(olderThan), parsed.GetValue(keep));
            if (doomed.Count == 0)
            {
                Console.WriteLine("there is nothing to delete");
                return Task.FromResult(ExitCode.Ok);
            }

            return RunRemover.RemoveAsync(doomed, ConfigurationLoader.LoadStore([], []), parsed.GetValue(yes));
        });
        return command;
    }

    /// <summary>The runs that conditions hold for.</summary>
    /// <param name="runs">All.</param>
    /// <param name="statuses">Any of these, or any if there is none.</param>
    /// <param name="days">Days since the last outer step, or since the run began; null for any.</param>
    /// <param name="keep">How many of the newest stay; null for no such condition.</param>
    public static IReadOnlyList<ListedRun> Doomed(
        IReadOnlyList<ListedRun> runs, IReadOnlyCollection<string> statuses, int? days, int? keep)
    {
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentNullException.ThrowIfNull(statuses);
        var newest = runs.OrderBy(run => Idle(run)).Take(keep ?? 0).ToHashSet();
        var isBare = statuses.Count == 0 && days is null && keep is null;
        return
        [
            .. runs.Where(run => Statuses.Contains(run.Status) && run.Problem is null)
                .Where(run => !isBare || run.OuterStep == 0)
                .Where(run => statuses.Count == 0 || statuses.Contains(run.Status))
                .Where(run => days is not { } least || Idle(run) >= least * 86_400.0)
                .Where(run => !newest.Contains(run)),
        ];
    }

    // One that never began is older than all.
    private static double Idle(ListedRun run) => run.IdleSeconds ?? run.AgeSeconds ?? double.PositiveInfinity;
}
