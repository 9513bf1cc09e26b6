namespace Involute.Runs.Claims;

/// <summary>The right to be a run's learner, until this is disposed or the process ends, however it ends.</summary>
public interface IRunClaim : IAsyncDisposable
{
    /// <summary>Completes if another learner has claimed the run meanwhile: this one must not write any more.</summary>
    Task<RunClaimedException> Lost { get; }
}

/// <summary>A store through which a run can be claimed.</summary>
public interface IClaimableStore
{
    /// <summary>The learner that has claimed the run through the store; null if none has, or if the store keeps no claims.</summary>
    string? Claimant();

    /// <summary>Keeps other learners, on any machine, away from the run, as far as the store can.</summary>
    /// <param name="time">For the pauses between attempts, and for the line about the claimant.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="RunClaimedException">Another learner has claimed it.</exception>
    /// <exception cref="InvalidDataException">The store is damaged, or holds something else than this run.</exception>
    /// <exception cref="IOException">The store cannot be used now.</exception>
    Task<IRunClaim> ClaimAsync(TimeProvider time, CancellationToken cancellation);
}
