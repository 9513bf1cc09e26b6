namespace Involute.Host.Benchmarks;

/// <summary>
/// A clock that goes while this process computes, and stands still while other programs have its core: the sum over its
/// threads, of which only one has work in a measurement.
/// </summary>
internal sealed class ProcessorTime : TimeProvider
{
    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override long GetTimestamp() => Environment.CpuUsage.TotalTime.Ticks;
}
