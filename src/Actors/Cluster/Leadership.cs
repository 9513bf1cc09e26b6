using Akka.Actor;
using Involute.Actors.Learning;
using Involute.Actors.Protocol;
using Involute.Runs;
using Involute.Runs.Claims;

namespace Involute.Actors.Cluster;

/// <summary>What a process needs to lead a run, once it is its turn.</summary>
internal sealed class Leadership
{
    private const int Waiting = 0;
    private const int Begun = 1;
    private const int GivenUp = 2;

    private readonly TaskCompletionSource<LearnerProtocol.StopRun> _stopAsked =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private int _turn;

    /// <summary>
    /// Claims the run for this process; faults with <see cref="RunClaimedException"/> while another has it. Null if the
    /// process has claimed the run already.
    /// </summary>
    public required Func<CancellationToken, Task<IRunClaim>>? ClaimRun { get; init; }

    /// <summary>How far the run has come, under any leader: grows with each step that is recorded.</summary>
    public Func<long>? Progress { get; init; }

    /// <summary>How often a process that waits for the run looks whether it goes on elsewhere.</summary>
    public TimeSpan LookInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Called when the run is claimed: what it is led with.</summary>
    public required Func<LeadershipRun> Begin { get; init; }

    /// <summary>Hears of the run, in order.</summary>
    public required IRunObserver Observer { get; init; }

    /// <summary>Hears of the members of the cluster while this process leads; calls must return quickly.</summary>
    public required Action<IReadOnlyList<ClusterMember>> Members { get; init; }

    /// <summary>How this process's time at the head ended.</summary>
    internal TaskCompletionSource<RunOutcome> Completion { get; } =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when this process is asked to stop while it leads.</summary>
    internal Task<LearnerProtocol.StopRun> StopAsked => _stopAsked.Task;

    /// <summary>Begins, unless the process has given up meanwhile; null if it has.</summary>
    internal LeadershipRun? TryBegin() =>
        Interlocked.CompareExchange(ref _turn, Begun, Waiting) == Waiting ? Begin() : null;

    /// <summary>
    /// Gives up if it was not this process's turn yet; else the learner will stop, also if it is not there yet.
    /// </summary>
    internal void AskToStop()
    {
        if (Interlocked.CompareExchange(ref _turn, GivenUp, Waiting) == Begun)
        {
            _stopAsked.TrySetResult(new LearnerProtocol.StopRun());
            return;
        }

        Completion.TrySetResult(new RunOutcome(
            RunStatus.Interrupted, null, double.NaN, 0, "stopped while it stood by; nothing was begun"));
    }
}

/// <summary>What a run is led with.</summary>
/// <param name="Settings">Settings of the learner.</param>
/// <param name="Ledger">The actor that keeps its ledger.</param>
internal sealed record LeadershipRun(LearnerSettings Settings, Props Ledger);

/// <summary>A member of the cluster, for people and programs that look at a run.</summary>
/// <param name="Address">Where it listens, <c>HOST:PORT</c>.</param>
/// <param name="Role"><see cref="ClusterRole"/>.</param>
/// <param name="Status">joining, up, leaving, … or unreachable.</param>
/// <param name="IsLeading">Whether it leads the run.</param>
/// <param name="ProcessId">Its process; null while it is not known.</param>
/// <param name="Slots">Windows that it runs at once; null for learners and as long as it is not known.</param>
internal sealed record ClusterMember(
    string Address, string Role, string Status, bool IsLeading, int? ProcessId, int? Slots)
{
    /// <summary>Where its console listens, <c>HOST:PORT</c>; null if it has none.</summary>
    public string? Console { get; init; }

    /// <summary>Where it serves health and metrics over HTTP, <c>HOST:PORT</c>; null if it does not.</summary>
    public string? Web { get; init; }
}
