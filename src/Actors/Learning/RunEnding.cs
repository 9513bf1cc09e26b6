using Involute.Runs;

namespace Involute.Actors.Learning;

/// <summary>How a run ends: decided first, and reported when everything before it is on disk.</summary>
/// <param name="store">What is on disk.</param>
internal sealed class RunEnding(StoreProgress store)
{
    private (RunStatus Status, string Message) _decided;

    /// <summary>The end is decided.</summary>
    public void Decide(RunStatus status, string message) => _decided = (status, message);

    /// <summary>
    /// How the run ends when the store has caught up: as decided, unless the checkpoint of its last step could not be written.
    /// </summary>
    public (RunStatus Status, string Message) OnDisk(long lastStep) =>
        _decided.Status is RunStatus.Finished or RunStatus.Interrupted && store.Missing(lastStep) is { } missing
            ? (RunStatus.StorageFailed, missing)
            : _decided;

    /// <summary>What is reported of it.</summary>
    public string Words((RunStatus Status, string Message) end) => end.Status is RunStatus.Diverged or RunStatus.Failed
        ? $"{end.Message}; the last checkpoint is of step {store.CheckpointStep}"
        : end.Message;
}
