using Involute.Actors.Cluster;
using Involute.Host.Cluster;
using Involute.Host.Errors;
using Involute.Runs.Claims;
using Involute.Runs.Configuration;
using Involute.Runs.Folders;
using Involute.Runs.Opening;

namespace Involute.Host.Running;

/// <summary>
/// <c>learner --check</c>: whether a learner could start, without starting it; nothing is written. It looks at what a start
/// looks at (<see cref="Readiness"/>).
/// </summary>
internal static class LearnerCheck
{
    private const int Name = 0;
    private const int Port = 1;
    private const int Run = 3;
    private const int Identity = 5;

    /// <summary>Whether it could begin a run.</summary>
    /// <param name="place">Where the learner would be.</param>
    /// <param name="load">Reads the run's settings.</param>
    /// <param name="runs">Folder of all runs.</param>
    /// <param name="name">Name of the run; null for a generated one.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The exit code that the learner would end with at once, or 0.</returns>
    public static Task<int> OfNewRunAsync(
        ClusterArguments place, Func<RunConfiguration> load, string runs, string? name,
        CancellationToken cancellation) => RunAsync(
            place,
            begin =>
            {
                var configuration = load();
                Readiness.NewName(configuration, runs, name);
                begin(Identity);
                var (plan, _) = Readiness.RequireRoom(configuration);
                DevicePlan.Of(plan, configuration.Gpu.Device);
                return $"{ThisComputation.Of(configuration, plan).Program} could begin a run";
            },
            cancellation);

    /// <summary>Whether it could go on with a run, or stand by to do so.</summary>
    /// <param name="place">Where the learner would be; it stands by if there is a cluster to join.</param>
    /// <param name="open">Finds the run.</param>
    /// <param name="load">Reads its settings, as they are and as they would be.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The exit code that the learner would end with at once, or 0.</returns>
    public static Task<int> OfOldRunAsync(
        ClusterArguments place, Func<RunFolder> open,
        Func<RunFolder, (RunConfiguration Before, RunConfiguration After)> load, CancellationToken cancellation) =>
        RunAsync(
            place,
            begin =>
            {
                var folder = open();
                var (before, configuration) = load(folder);
                Readiness.RequireSameRun(folder, before, configuration);
                var store = StoreFactory.Create(folder, configuration);
                if (place.Join.Count == 0)
                {
                    RunClaim.RequireFree(folder.FullPath, store);
                }

                Readiness.RequireProgress(folder, configuration, store, computation: null, at: null);
                begin(Identity);
                var plan = PlanFactory.Create(configuration);
                DevicePlan.Of(plan, configuration.Gpu.Device);
                var computation = ThisComputation.Of(configuration, plan);
                Readiness.RequireProgress(folder, configuration, store, computation, at: null);
                return $"{computation.Program} could go on with run {folder.RunId}";
            },
            cancellation);

    // Looks at one thing after the other, and reports.
    private static async Task<int> RunAsync(
        ClusterArguments place, Func<Action<int>, string> lookAtRun, CancellationToken cancellation)
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
                return search.Step == WorkerStep.Certificate ? ExitCode.NotLetIn : ExitCode.CannotConnect;
            }

            if (search.Unreachable is { } unreachable)
            {
                at = Name;
                throw new CommandException(ExitCode.Configuration, unreachable);
            }

            at = Run;
            report.PrintAllWell(lookAtRun(step => at = step));
            return ExitCode.Ok;
        }
        catch (Exception failed) when (CommandErrors.CodeOf(failed) != ExitCode.Internal)
        {
            var isOfPort = at == Name && failed is IOException refused && !ListeningPlace.IsOfName(refused);
            report.PrintFailure(isOfPort ? Port : at, CommandErrors.OneLine(failed));
            return CommandErrors.CodeOf(failed);
        }
    }
}
