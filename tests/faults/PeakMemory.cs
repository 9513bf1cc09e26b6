namespace Involute.Faults;

/// <summary>The peak of the memory of all processes of a scenario together.</summary>
internal sealed class PeakMemory
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);
    private static readonly long PageBytes = Environment.SystemPageSize;

    private readonly Lab _lab;
    private readonly Task<long> _watch;
    private volatile bool _stopped;

    private PeakMemory(Lab lab)
    {
        _lab = lab;
        _watch = WatchAsync();
    }

    /// <summary>Begins to watch.</summary>
    public static PeakMemory Watch(Lab lab) => new(lab);

    /// <summary>
    /// Stops watching; returns the peak in bytes of resident pages. A shared page counts once for each process.
    /// </summary>
    public Task<long> StopAsync()
    {
        _stopped = true;
        return _watch;
    }

    private async Task<long> WatchAsync()
    {
        var peak = 0L;
        while (!_stopped)
        {
            peak = Math.Max(peak, _lab.Processes.Sum(process => process.ProcessId is { } id ? Resident(id) : 0));
            await _lab.WaitAsync(Look);
        }

        return peak;
    }

    private static long Resident(int processId)
    {
        try
        {
            return PageBytes * long.Parse(
                File.ReadAllText($"/proc/{processId}/statm").Split(' ')[1],
                System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return 0;
        }
    }
}
