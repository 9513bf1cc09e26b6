namespace Involute.Actors.Learning;

/// <summary>What the learner waits for.</summary>
internal enum LearnerPhase
{
    /// <summary>Contributions to the step in flight.</summary>
    Stepping,

    /// <summary>The store: it does not answer, or is too far behind. No step is in flight.</summary>
    Paused,

    /// <summary>The pairs' states: for the checkpoint of a run that was asked to stop, or because they are large.</summary>
    SavingStates,

    /// <summary>The store: everything is decided and must come to disk.</summary>
    Finishing,

    /// <summary>Nothing.</summary>
    Ended,
}
