namespace Involute.Runs;

/// <summary>A run, or this process's part in it, from its start to its end.</summary>
public interface ITrainingRun : IAsyncDisposable
{
    /// <summary>The end. Faults only if the run could not be begun at all; a bug is an outcome too.</summary>
    Task<RunOutcome> Completion { get; }

    /// <summary>Asks the run to finish its step, save a checkpoint, and end as interrupted. Returns at once.</summary>
    void RequestStop();
}
