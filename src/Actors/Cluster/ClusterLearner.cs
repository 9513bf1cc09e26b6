using Involute.Actors.Learning;
using Involute.Actors.Ledger;
using Involute.Runs;
using Involute.Runs.Claims;
using Involute.Runs.Configuration;
using Involute.Runs.Opening;

namespace Involute.Actors.Cluster;

/// <summary>Starts a run whose pairs are computed by other processes.</summary>
internal static class ClusterLearner
{
    // A step longer than this is either long or stuck; only asking tells.
    private static readonly TimeSpan ReminderInterval = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Starts this process as a learner of the cluster, or as a standby of a run that another process leads.
    /// </summary>
    /// <exception cref="IOException">It cannot listen there; one line.</exception>
    public static async Task<LearnerNode> StartAsync(
        OpenRun run, LearnerPlace place, IRunObserver observer, LearnerSeat seat, string? consoleRole, string? webRole)
    {
        var settings = LearnerSettings.Of(run, await run.Computation.ConfigureAwait(false)) with
        {
            WaitsForNodes = true,
            Seat = seat,
            ReminderInterval = ReminderInterval,
        };
        var epoch = run.Epoch;
        async Task<IRunClaim> ClaimAsync(CancellationToken cancellation)
        {
            var claim = await RunClaim.ClaimAsync(run.Folder.FullPath, run.Store, TimeProvider.System, cancellation)
                .ConfigureAwait(false);
            try
            {
                epoch = run.Store.LastEpoch();
                return claim;
            }
            catch
            {
                await claim.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }

        // A run that this process takes over has changed since it was opened.
        var start = new LedgerGuard
        {
            At = run.At,
            Problem = run.StandsBy ? run.Problem : null,
            Folder = run.Folder,
            ClaimedEpoch = () => epoch,
        };
        var nodes = new NodesFile(run.Folder, observer.Warned);
        var leadership = new Leadership
        {
            ClaimRun = run.StandsBy ? ClaimAsync : null,
            Progress = run.StandsBy ? run.Store.LastEvent : null,
            Begin = () =>
            {
                // Another learner may have changed what a run may change while it goes on.
                if (run.StandsBy && run.Renewed() is var now)
                {
                    (observer as ISettingsObserver)?.SettingsChanged(now);
                }

                return new LeadershipRun(
                    settings with { Run = run.Configuration },
                    LedgerActor.CreateProps(run.Store, settings.IdentitySha256, settings.Computation, start));
            },
            Observer = observer,
            Members = nodes.Write,
        };
        var options = new ClusterNodeOptions(
            place.Listen,
            ClusterRole.Learner,
            run.Configuration.ComputeThreads(),
            PersistenceHocon.For(run.Store),
            run.Configuration.Akka,
            place.Encryption)
        {
            Bind = place.Bind,
            ConsoleRole = consoleRole,
            WebRole = webRole,
            ThetaBytes = (long)run.Plan.ThetaLength * sizeof(float),
        };

        // A learner that comes back finds its workers where they were.
        return await LearnerNode.StartAsync(
            options, place.Join, NodesFile.Addresses(run.Folder), leadership).ConfigureAwait(false);
    }
}
