namespace Involute.Actors.Tests.Exploration;

/// <summary>The faults that a simulation can cause.</summary>
internal enum Fault
{
    Dropped,
    Duplicated,
    Reordered,
    Delayed,

    /// <summary>A message to someone who has died, or who has another incarnation now.</summary>
    ToTheDead,
    WorkerCrashed,
    WorkerCameBack,
    LearnerCrashed,
    StopRequested,
    StoreDown,
    CheckpointFailed,
    CheckpointDamaged,
    PairsThrew,
    PairsStopped,
}
