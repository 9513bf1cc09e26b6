using System.Collections.Concurrent;

namespace Involute.Actors.Ledger;

/// <summary>Calls of a store that run beside the actor that has begun them, so that it can wait for them when it ends.</summary>
/// <remarks>Reads count too: a database in files has some of its own as long as anybody reads it.</remarks>
internal sealed class CallsUnderWay
{
    private readonly ConcurrentDictionary<Task, bool> _running = new();

    /// <summary>Begins a write.</summary>
    public Task Run(Action write) => Known(Task.Run(write));

    /// <summary>Begins a read.</summary>
    public Task<T> Run<T>(Func<T> read, CancellationToken cancellation) => Known(Task.Run(read, cancellation));

    /// <summary>Waits until all have ended; a database gives up by itself. What failed has been told already.</summary>
    public void Wait()
    {
        foreach (var task in _running.Keys)
        {
            ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
        }
    }

    private T Known<T>(T task)
        where T : Task
    {
        _running[task] = true;
        _ = task.ContinueWith(
            done => _running.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return task;
    }
}
