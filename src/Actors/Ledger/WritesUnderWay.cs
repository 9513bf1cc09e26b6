using System.Collections.Concurrent;

namespace Involute.Actors.Ledger;

/// <summary>Writes to a store that run beside the actor that has begun them, so that it can wait for them when it ends.</summary>
internal sealed class WritesUnderWay
{
    private readonly ConcurrentDictionary<Task, bool> _running = new();

    /// <summary>Begins a write.</summary>
    public Task Run(Action write)
    {
        var task = Task.Run(write);
        _running[task] = true;
        _ = task.ContinueWith(
            done => _running.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return task;
    }

    /// <summary>Waits until all have ended; a database gives up by itself. What failed has been told already.</summary>
    public void Wait()
    {
        foreach (var task in _running.Keys)
        {
            ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
        }
    }
}
