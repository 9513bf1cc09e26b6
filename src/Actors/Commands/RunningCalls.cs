namespace Involute.Commands;

/// <summary>The commands of one connection that are being carried out.</summary>
/// <param name="most">So many at once.</param>
internal sealed class RunningCalls(int most)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, bool> _areStreams = [];
    private TaskCompletionSource? _answered;

    /// <summary>Their numbers.</summary>
    public IReadOnlyList<int> Numbers
    {
        get
        {
            lock (_gate)
            {
                return [.. _areStreams.Keys];
            }
        }
    }

    /// <summary>Completes when all are answered that end by themselves.</summary>
    public Task Answered
    {
        get
        {
            lock (_gate)
            {
                _answered ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                TellIfAnswered();
                return _answered.Task;
            }
        }
    }

    /// <summary>One begins.</summary>
    /// <exception cref="CommandRefusedException">There are too many, or one of that number.</exception>
    public void Begin(int number, bool isStream)
    {
        lock (_gate)
        {
            if (_areStreams.Count >= most || !_areStreams.TryAdd(number, isStream))
            {
                throw new CommandRefusedException(
                    $"{_areStreams.Count} commands of this connection are being carried out; allowed: "
                        + $"{most} at once, each under its own number");
            }
        }
    }

    /// <summary>One has ended.</summary>
    public void End(int number)
    {
        lock (_gate)
        {
            _areStreams.Remove(number);
            TellIfAnswered();
        }
    }

    private void TellIfAnswered()
    {
        if (_areStreams.Values.All(isStream => isStream))
        {
            _answered?.TrySetResult();
        }
    }
}
