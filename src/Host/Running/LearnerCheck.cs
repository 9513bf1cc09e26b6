using Involute.Actors.Cluster;
using Involute.Host.Cluster;
using Involute.Host.Errors;
using Involute.Runs.Claims;
using Involute.Runs.Configuration;
using Involute.Runs.Folders;
using Involute.Runs.Ledger;
using Involute.Runs.Opening;

namespace Involute.Host.Running;

/// <summary><c>learner --check</c>: whether a learner could start, without starting it; nothing is written.</summary>
internal static class LearnerCheck
{
    private const int Name = 0;
    private const int Port = 1;
    private const int Run = 3;
    private const int Version = 4;

    /// <summary>Looks at one thing after the other, and reports.</summary>
    /// <param name="place">Where the learner would be.</param>
    /// <param name="load">Reads its settings.</param>
    /// <param name="runs">Folder of all runs.</param>
    /// <param name="name">Name of the run that it would begin; null for a generated one.</param>
    /// <param name="resume">The run that it would go on with; null to begin one.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The exit code that the learner would end with at once, or 0.</returns>
    public static async Task<int> RunAsync(
        ClusterArguments place, Func<RunConfiguration> load, string runs, string? name, string? resume,
        CancellationToken cancellation)
    {
        var report = new CheckReport(["name", "port", "certificate", "run", "version", "identity"]);
        var at = Name;
        try
        {
            place.Learner.RequireFree();
            at = Port;
            var search = new MemberSearch(place.Join, place.Listen, place.Encryption, Console.WriteLine);
            if (place.Join.Count > 0
                && (await search.FindAsync(TimeSpan.Zero, cancellation)).Count == 0)
            {
                report.PrintFailure((int)search.Step, search.Reasons);
                return ExitCode.CannotConnect;
            }

            if (search.Unreachable is { } unreachable)
            {
                at = Name;
                throw new CommandException(ExitCode.Configuration, unreachable);
            }

            at = Run;
            var folder = resume is null ? null : RunFolder.Open(runs, resume);
            RequireName(runs, name);
            var configuration = load();
            RequireRun(folder, configuration, standsBy: place.Join.Count > 0, null);
            at = Version + 1;
            var plan = PlanFactory.Create(configuration);
            if (folder is null)
            {
                RunSizes.Of(configuration, plan).Require(configuration);
            }

            var computation = ThisComputation.Of(configuration, plan);
            RequireRun(folder, configuration, standsBy: true, computation);
            var what = folder is null ? "begin a run" : $"go on with run {folder.RunId}";
            report.PrintAllWell($"{computation.Program} could {what}");
            return ExitCode.Ok;
        }
        catch (Exception failed) when (CommandErrors.CodeOf(failed) != ExitCode.Internal)
        {
            var isOfPort = at == Name && failed is IOException refused && !ListeningPlace.IsOfName(refused);
            report.PrintFailure(isOfPort ? Port : at, CommandErrors.OneLine(failed));
            return CommandErrors.CodeOf(failed);
        }
    }

    private static void RequireName(string runs, string? name)
    {
        var path = name is null ? null : Path.GetFullPath(Path.Combine(runs, RunName.Require(name)));
        if (path is not null && Path.Exists(path))
        {
            throw new RunRefusedException(new RunNameTakenException(path).Message);
        }
    }

    private static void RequireRun(
        RunFolder? folder, RunConfiguration configuration, bool standsBy, Computation? computation)
    {
        if (folder is null)
        {
            return;
        }

        var store = StoreFactory.Create(folder, configuration);
        if (!standsBy && RunClaim.IsClaimed(folder.FullPath, store))
        {
            throw new RunClaimedException(folder.FullPath, store.Claimant() ?? FolderClaim.Claimant(folder.FullPath));
        }

        RunReader.Require(RunReader.Read(folder, configuration, store, computation));
    }
}
