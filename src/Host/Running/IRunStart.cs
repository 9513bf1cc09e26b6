using Involute.Actors.Local;
using Involute.Runs;

namespace Involute.Host.Running;

/// <summary>Where a run's actors live: all in this process, or spread over a cluster.</summary>
internal interface IRunStart
{
    /// <summary>Whether another process may have led the run to its end when this one's turn comes.</summary>
    bool StandsBy => false;

    /// <summary>Starts this process's part of the run.</summary>
    /// <param name="options">The run.</param>
    /// <param name="recorder">Hears of it, in order.</param>
    Task<ITrainingRun> StartAsync(RunOptions options, RunRecorder recorder);
}

/// <summary>All in this process.</summary>
internal sealed class InThisProcess : IRunStart
{
    /// <inheritdoc/>
    public Task<ITrainingRun> StartAsync(RunOptions options, RunRecorder recorder) =>
        Task.FromResult<ITrainingRun>(LocalRun.Start(options, recorder));
}
