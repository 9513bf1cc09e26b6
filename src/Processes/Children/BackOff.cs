namespace Involute.Processes.Children;

/// <summary>How long to wait before another child is started where some have failed in a row.</summary>
/// <param name="time">Measures.</param>
internal sealed class BackOff(TimeProvider time)
{
    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.Zero, TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2),
        TimeSpan.FromSeconds(5),
    ];

    private readonly Lock _gate = new();
    private int _failures;
    private long _last;

    /// <summary>A child has failed.</summary>
    public void Failed()
    {
        lock (_gate)
        {
            _failures++;
            _last = time.GetTimestamp();
        }
    }

    /// <summary>A child has answered.</summary>
    public void Succeeded()
    {
        if (Volatile.Read(ref _failures) > 0)
        {
            lock (_gate)
            {
                _failures = 0;
            }
        }
    }

    /// <summary>What is left of the pause.</summary>
    public TimeSpan Remaining()
    {
        lock (_gate)
        {
            var pause = _failures == 0 ? TimeSpan.Zero : Pauses[Math.Min(_failures, Pauses.Length) - 1];
            var left = pause - time.GetElapsedTime(_last);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Waits for it.</summary>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public void Wait(CancellationToken ended)
    {
        for (var left = Remaining(); left > TimeSpan.Zero; left = Remaining())
        {
            Task.Delay(left, time, ended).GetAwaiter().GetResult();
        }
    }
}
