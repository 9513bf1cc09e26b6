namespace Involute.Torch.Tasks;

/// <summary>
/// Lets one thread at a time compute where TorchSharp does not bear several (<see cref="TorchRuntime.AllowsThreads"/>).
/// </summary>
internal readonly ref struct OneThread
{
    private static readonly Lock Gate = new();
    private readonly bool _entered;

    private OneThread(bool entered) => _entered = entered;

    /// <summary>Waits for its turn, where there are turns.</summary>
    public static OneThread Enter()
    {
        if (TorchRuntime.AllowsThreads)
        {
            return new OneThread(false);
        }

        Gate.Enter();
        return new OneThread(true);
    }

    /// <summary>Ends the turn.</summary>
    public void Dispose()
    {
        if (_entered)
        {
            Gate.Exit();
        }
    }
}
