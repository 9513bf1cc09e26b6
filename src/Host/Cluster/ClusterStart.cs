using Involute.Actors.Cluster;
using Involute.Actors.Ledger;
using Involute.Actors.Local;
using Involute.Estimators;
using Involute.Host.Running;
using Involute.Runs.Folders;
using Involute.Runs;
using Involute.Runs.Claims;

namespace Involute.Host.Cluster;

/// <summary>Starts a run whose pairs are computed by other processes.</summary>
/// <param name="folder">The run.</param>
/// <param name="configuration">Its effective settings as text, for workers.</param>
/// <param name="arguments">This process's place in the cluster.</param>
/// <param name="isStandby">Whether the run is taken when it becomes free; otherwise this process has it.</param>
/// <param name="started">Called with the address that this process listens on.</param>
internal sealed class ClusterStart(
    RunFolder folder, string configuration, ClusterArguments arguments, bool isStandby, Action<Endpoint> started)
    : IRunStart
{
    // A step longer than this is either long or stuck; only asking tells.
    private static readonly TimeSpan ReminderInterval = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public bool StandsBy => isStandby;

    /// <inheritdoc/>
    public async Task<ITrainingRun> StartAsync(RunOptions options, RunRecorder recorder)
    {
        var settings = options.ToLearnerSettings() with
        {
            WaitsForNodes = true,
            ReminderInterval = ReminderInterval,
            Configuration = configuration,
            ProblemSha256 = ProblemFingerprint.Of(options.Plan),
        };
        async Task<IRunClaim> TakeAsync(CancellationToken cancellation) =>
            await RunClaim.ClaimAsync(folder.FullPath, options.Store, TimeProvider.System, cancellation);

        // A command that begins or resumes a run holds it until the process is done with it.
        var leadership = new Leadership
        {
            ClaimRun = isStandby ? TakeAsync : null,
            Progress = isStandby ? options.Store.LastEvent : null,
            Begin = () => new LeadershipRun(settings, LedgerActor.CreateProps(options.Store, options.IdentitySha256)),
            Observer = recorder,
            Members = recorder.MembersChanged,
        };
        var node = new ClusterNodeOptions(
            arguments.Listen,
            ClusterRole.Learner,
            options.Threads,
            PersistenceHocon.For(options.Store),
            options.AkkaHocon,
            arguments.Encryption)
        {
            Bind = arguments.Bind,
            ThetaBytes = (long)options.Plan.ThetaLength * sizeof(float),
        };
        var run = await LearnerNode.StartAsync(node, Members(), leadership);
        started(run.Address);
        return run;
    }

    // A learner that comes back finds its workers where they were; one that joins founds nothing unless it is named first.
    private IReadOnlyList<Endpoint?> Members()
    {
        IEnumerable<Endpoint> others = arguments.Join.Count > 0 ? arguments.Join : NodesFile.Addresses(folder);
        var members = others.Select(other => other == arguments.Listen ? null : (Endpoint?)other);
        return arguments.Join.Count > 0 ? [.. members] : [null, .. members.Where(member => member is not null)];
    }
}
