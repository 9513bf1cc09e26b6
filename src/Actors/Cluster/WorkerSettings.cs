using Involute.Actors.Nodes;
using Involute.Actors.Protocol;
using Involute.Actors.Telemetry;
using Involute.Estimators.Plans;
using Involute.Runs.Configuration;

namespace Involute.Actors.Cluster;

/// <summary>Settings of a worker process.</summary>
internal sealed class WorkerSettings
{
    /// <summary>
    /// Makes the plan of the run that is offered; an exception is the cause of not taking part.
    /// </summary>
    public required Func<NodeProtocol.RunOffered, WorkerPlan> MakePlan { get; init; }

    /// <summary>Hears what happens, one line at a time, for a person.</summary>
    public required Action<string> Tell { get; init; }

    /// <summary>Is told how its work goes on; null if nothing is to be told.</summary>
    public NodePulse? Pulse { get; init; }

    /// <summary>Whether it only finds out if it could take part, and then ends.</summary>
    public bool OnlyChecks { get; init; }

    /// <summary>
    /// How long to look for a leader before giving up, so that a supervisor can start the worker anew.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>What a worker takes part by.</summary>
/// <param name="Registration">What it says of itself.</param>
/// <param name="Plan">Everything that decides theta.</param>
internal sealed record WorkerPlan(NodeProtocol.RegisterNode Registration, TrainingPlan<float> Plan)
{
    /// <summary>The longest that a window may last.</summary>
    public TimeSpan WindowLimit { get; init; } = WindowWatch.Limit(new RunConfiguration());
}

/// <summary>Why a worker is at its end.</summary>
internal enum WorkerEnd
{
    /// <summary>The run is over.</summary>
    Finished,

    /// <summary>It could take part, and was only to find that out.</summary>
    Checked,

    /// <summary>The learner refuses it: another try would end the same way.</summary>
    Refused,

    /// <summary>
    /// It cannot make the plan of the run; <see cref="WorkerOutcome.Cause"/> says whether another try may help.
    /// </summary>
    Unprepared,

    /// <summary>This process or machine cannot compute (<see cref="PairFaults"/>): others take its pairs.</summary>
    Broken,

    /// <summary>There is no learner.</summary>
    Lost,

    /// <summary>It never found the cluster.</summary>
    NotJoined,

    /// <summary>The cluster has declared it gone.</summary>
    Downed,

    /// <summary>It was told to stop, and has left the cluster.</summary>
    Stopped,
}

/// <summary>What stands between a worker and its work, in the order in which it is met.</summary>
internal enum WorkerStep
{
    /// <summary>Names resolve, and members know each other by them.</summary>
    Name,

    /// <summary>A member answers.</summary>
    Port,

    /// <summary>Both sides accept each other's certificates.</summary>
    Certificate,

    /// <summary>A learner leads a run.</summary>
    Run,

    /// <summary>Both speak the same protocol.</summary>
    Version,

    /// <summary>Both compute the same.</summary>
    Identity,

    /// <summary>Nothing any more: it works.</summary>
    Work,
}

/// <summary>The end of a worker.</summary>
/// <param name="End">Why.</param>
/// <param name="Reason">One line for a person.</param>
/// <param name="Step">How far it had come.</param>
/// <param name="Cause">What was thrown; only of <see cref="WorkerEnd.Unprepared"/>.</param>
internal sealed record WorkerOutcome(
    WorkerEnd End, string Reason, WorkerStep Step = WorkerStep.Work, Exception? Cause = null);
