namespace Involute.Host.Running;

/// <summary>The end of what may not end: an actor system that waits for a store, or computes a window that does not return.</summary>
internal static class BoundedEnd
{
    /// <summary>Ends it, or gives up after a while: the rest ends with the process.</summary>
    public static async Task OfAsync(IAsyncDisposable running, TimeSpan patience)
    {
        ArgumentNullException.ThrowIfNull(running);
        var ending = running.DisposeAsync().AsTask();
        await Task.WhenAny(ending, Task.Delay(patience, TimeProvider.System));
        if (ending.IsCompleted)
        {
            await ending;
        }
    }
}
