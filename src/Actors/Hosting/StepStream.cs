using System.Threading.Channels;
using Involute.Estimators;
using Involute.Runs;

namespace Involute.Hosting;

/// <summary>Outer steps as a stream, beside an observer of the run.</summary>
/// <remarks>The run never waits for a reader: of one that is too far behind, the oldest steps are dropped.</remarks>
internal sealed class StepStream(IRunObserver? other) : IRunObserver
{
    private readonly Channel<OuterStepResult<float>> _steps = Channel.CreateBounded<OuterStepResult<float>>(
        new BoundedChannelOptions(TrainingRun.StepsKept) { FullMode = BoundedChannelFullMode.DropOldest, SingleWriter = true });

    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when this process leads the run.</summary>
    public Task Started => _started.Task;

    /// <summary>Ends the stream.</summary>
    public void Complete() => _steps.Writer.TryComplete();

    /// <summary>The steps, until the run ends.</summary>
    public IAsyncEnumerable<OuterStepResult<float>> ReadAsync(CancellationToken cancellation) =>
        _steps.Reader.ReadAllAsync(cancellation);

    void IRunObserver.Started(OuterState<float> state, IReadOnlyList<string> warnings)
    {
        _started.TrySetResult();
        other?.Started(state, warnings);
    }

    void IRunObserver.StepCompleted(OuterStepResult<float> result)
    {
        _steps.Writer.TryWrite(result);
        other?.StepCompleted(result);
    }

    void IRunObserver.CheckpointSaved(long step) => other?.CheckpointSaved(step);

    void IRunObserver.Warned(string message) => other?.Warned(message);
}
